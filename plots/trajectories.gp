# Ways from noise to data in the plane: three blocks a panel. The first has the density of the samples on a grid, of x, y, value in
# [0, 1]; the second the teacher's ways, of x and y, an empty line between two; the third the student's.
unset title
unset label 1
unset key
unset colorbox
unset grid
set border 31 lw 0.5
unset tics
set size ratio -1
set palette defined (0 '#FFFFFF', 0.5 '#9ECAE1', 1 '#08306B')
set cbrange [0:1]
set xrange [low:high]
set yrange [low:high]
set multiplot layout rows, columns title title noenhanced font ',13' margins 0.02, 0.98, 0.1, 0.86 spacing 0.02, 0.08
do for [i=0:panels-1] {
    set title word(titles, i + 1) noenhanced font ',10'
    if (i == panels - 1) { set label 1 caption at screen 0.5, screen 0.04 center noenhanced font ',10' textcolor rgb '#555555' }
    plot data index 3*i using 1:2:3 with image pixels, \
         data index 3*i+1 using 1:2 with lines lw 1.2 dt 1 lc rgb '#555555', \
         data index 3*i+2 using 1:2 with linespoints lw 1.2 dt (8,3) pt 7 ps 0.25 lc rgb '#D55E00'
}
unset multiplot
