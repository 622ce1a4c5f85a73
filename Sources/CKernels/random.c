#include "include/random.h"
#include <math.h>
static uint64_t mix(uint64_t x){x^=x>>30;x*=0xbf58476d1ce4e5b9ull;x^=x>>27;x*=0x94d049bb133111ebull;return x^(x>>31);}
static double u(uint64_t key,uint32_t step,long i){return ((double)(mix(mix(key+step)+i)>>40)+0.5)/16777216.0;}
void ablate_random_uniform(float *o,long n,uint64_t k,uint32_t s){for(long i=0;i<n;i++)o[i]=u(k,s,i);}
void ablate_random_normal(float *o,long n,uint64_t k,uint32_t s){for(long i=0;i<n;i++)o[i]=sqrt(-2*log(u(k,s,2*i)))*cos(6.283185307179586*u(k,s,2*i+1));}
void ablate_random_integers(float *o,long n,uint64_t k,uint32_t s,uint32_t b){for(long i=0;i<n;i++)o[i]=(float)(int)(u(k,s,i)*b);}
