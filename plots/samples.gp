# Rows of samples: the first block has a pixel a row, of x, y, red, green, blue in 0...255 from the upper left; the second a row's
# middle and its title.
unset key
unset grid
unset border
unset xtics
set size ratio -1
set ytics scale 0 noenhanced font ',10'
set lmargin at screen left
set rmargin at screen 0.99
set tmargin at screen top
set bmargin at screen bottom
# In the middle of the space below, however low the figure is.
set label 1 caption at screen 0.5, screen 0.5 * bottom center noenhanced font ',10' textcolor rgb '#555555'
set yrange [] reverse
set autoscale fix
if (sharp) plot data index 0 using 1:2:3:4:5 with rgbimage pixels, data index 1 using (0):1:ytic(2) with points ps 0
if (!sharp) plot data index 0 using 1:2:3:4:5 with rgbimage, data index 1 using (0):1:ytic(2) with points ps 0
