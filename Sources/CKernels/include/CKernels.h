// Numeric kernels in C: explicit vector code, picked at run time for the processor at hand.
#pragma once
#include "attention.h"
#include "fused.h"
#include "instructions.h"
#include "matrix.h"
#include "pause.h"
#include "random.h"
#include "products.h"
