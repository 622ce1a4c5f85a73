# A point a series with its spread: a block a series, of x, mean, mean - deviation, mean + deviation. `floor` is the teacher's own
# score where it is no series.
set xlabel xlabel noenhanced
set ylabel ylabel noenhanced
set key outside right top Left reverse noenhanced width -2 samplen 2
set key autotitle columnhead
set grid xtics ytics lw 0.5 lc rgb '#DDDDDD' dt 1
set offsets graph 0.08, graph 0.08, graph 0.08, graph 0.08
# Costs and distances begin at 0: no space is left below it.
if (!xlog && nonnegative) { set xrange [0:*] }
plot for [i=0:series-1] data index i using 1:2:3:4 with yerrorbars lt i+1 dt 1 ps 1.3 title columnheader(1), \
     floor with lines lw 1.2 lc rgb '#444444' dt 3 title floortitle
