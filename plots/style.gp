# What all figures share. Colours are Okabe and Ito's, which the colour-blind tell apart; dashes and points tell lines
# apart where print has no colour.
set encoding utf8
set linetype 1 lc rgb '#0072B2' lw 2 dt 1       pt 7
set linetype 2 lc rgb '#D55E00' lw 2 dt (10,4)  pt 5
set linetype 3 lc rgb '#009E73' lw 2 dt (3,3)   pt 9
set linetype 4 lc rgb '#CC79A7' lw 2 dt (12,4,3,4) pt 11
set linetype 5 lc rgb '#E69F00' lw 2 dt (20,5)  pt 13
set linetype 6 lc rgb '#56B4E9' lw 2 dt (6,3,2,3,2,3) pt 6
set linetype 7 lc rgb '#000000' lw 2 dt (2,6)   pt 4
set linetype 8 lc rgb '#7F7F7F' lw 2 dt (16,3,3,3) pt 8
set linetype cycle 8
set border 3 lw 0.8
set tics nomirror out
set grid ytics lw 0.5 lc rgb '#DDDDDD' dt 1
set title title noenhanced font ',13'
# A long caption is set smaller, so that it stays within the figure.
captionsize = strlen(caption) > 80 ? 800.0 / strlen(caption) : 10
set label 1 caption at screen 0.5, screen 0.025 center noenhanced font sprintf(',%.3g', captionsize) textcolor rgb '#555555'
set bmargin at screen 0.22
if (xlog) set logscale x
if (ylog) set logscale y
