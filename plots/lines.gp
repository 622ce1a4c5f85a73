# Lines with bands: a block a series, of x, mean, mean - deviation, mean + deviation. `floor` is the teacher's own score.
set xlabel xlabel noenhanced
set ylabel ylabel noenhanced
set key outside right top Left reverse noenhanced width -2 samplen 4
set key autotitle columnhead
set autoscale xfix
set offsets graph 0.02, graph 0.02, graph 0.05, 0
# Else the margin above takes whole decades.
if (ylog) set autoscale yfix
# Some five round places along the axis: more run into each other where their numbers are long.
stats data using 1 nooutput
span = STATS_max - STATS_min
unit = span > 0 ? 10 ** floor(log10(span / 4)) : 1
part = span / 4 / unit
if (span > 0 && !xlog) set xtics unit * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10)
plot for [i=0:series-1] data index i using 1:3:4 with filledcurves lt i+1 fs transparent solid 0.18 noborder notitle, \
     for [i=0:series-1] data index i using 1:2 with linespoints lt i+1 ps 0.8 title columnheader(1), \
     floor with lines lw 1.2 lc rgb '#444444' dt 3 title floortitle
