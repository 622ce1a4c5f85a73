# Densities in the plane: two blocks a panel. The first has the density on a grid, of x, y, value in [0, 1]; the second the
# samples, of the student's x and y and the x and y that the teacher makes of the same noise, joined by a line.
unset title
unset label 1
unset key
unset colorbox
unset grid
set border 31 lw 0.5
unset tics
set size ratio -1
# Light to dark in one hue: the order survives print.
set palette defined (0 '#FFFFFF', 0.5 '#9ECAE1', 1 '#08306B')
set cbrange [0:1]
set xrange [low:high]
set yrange [low:high]
set multiplot layout rows, columns title title noenhanced font ',13' margins 0.02, 0.98, 0.1, 0.86 spacing 0.02, 0.08
do for [i=0:panels-1] {
    set title word(titles, i + 1) noenhanced font ',10'
    if (i == panels - 1) { set label 1 caption at screen 0.5, screen 0.04 center noenhanced font ',10' textcolor rgb '#555555' }
    plot data index 2*i using 1:2:3 with image pixels, \
         data index 2*i+1 using 3:4:($1-$3):($2-$4) with vectors nohead lw 0.5 lc rgb '#AAAAAA', \
         data index 2*i+1 using 1:2 with points pt 7 ps 0.15 lc rgb '#D55E00'
}
unset multiplot
