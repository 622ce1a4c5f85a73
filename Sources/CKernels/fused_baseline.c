#define NAME(x) x##_baseline
#include "fused_body.h"
