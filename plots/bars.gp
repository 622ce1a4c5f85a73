# Bars with points: the first block has a row an arm, of place, name, mean, deviation; the second the seeds' own values, of
# place and value.
set ylabel ylabel noenhanced
set key outside right top Left reverse noenhanced width -2 samplen 3
set style fill solid 0.45 border
set boxwidth 0.6
set xrange [0.4:arms+0.6]
if (!ylog) set yrange [0:*]
set offsets 0, 0, graph 0.05, 0
set xtics noenhanced
if (slanted) set xtics rotate by -25; set bmargin at screen 0.32
plot data index 0 using 1:3:xtic(2) with boxes lt 1 dt 1 lw 1 title 'mean', \
     data index 0 using 1:3:4 with yerrorbars lc rgb '#000000' lw 1.2 dt 1 ps 0 title 'standard deviation', \
     data index 1 using 1:2 with points pt 6 ps 0.9 lw 1.2 lc rgb '#D55E00' title 'a seed', \
     floor with lines lw 1.2 lc rgb '#444444' dt 3 title floortitle
