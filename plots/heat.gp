# A cell for each pair of values on two axes: the first block has x, y, a number, its text and its interval a cell; the second the labels of
# x, the third those of y. Blue is below 0 and vermilion above it, which the colour-blind tell apart; the text says both without colour.
set ylabel ylabel noenhanced
set xlabel xlabel noenhanced
unset key
unset grid
set border 31 lw 0.5
set style fill solid border
set palette defined (-1 '#0072B2', 0 '#FFFFFF', 1 '#D55E00')
set cbrange [-bound:bound]
set colorbox
# An interval has some 16 letters, which fit a cell.
narrow = sprintf(',%.1f', columns > 3 ? 32.0 / columns : 10)
set xrange [0.5:columns+0.5]
set yrange [0.5:rows+0.5]
set xtics noenhanced scale 0
set ytics noenhanced scale 0
plot data index 0 using 1:2:(0.5):(0.5):3 with boxxyerror lc palette, \
     data index 1 using 1:(0.5):xtic(2) with points ps 0, \
     data index 2 using (0.5):1:ytic(2) with points ps 0, \
     data index 0 using 1:2:4 with labels offset 0,0.5 font ',10' noenhanced, \
     data index 0 using 1:2:5 with labels offset 0,-0.6 font narrow noenhanced
