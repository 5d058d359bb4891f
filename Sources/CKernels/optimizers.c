#include "loops.h"

// Adam as PyTorch defines it: epsilon is added outside the corrected root.
CK_CLONES void ck_adam(const ck_adam_step *step, long count, float *p, const float *g, float *m,
                       float *v) {
  const ck_adam_step s = *step;
  for (long i = 0; i < count; i++) {
    float parameter = p[i];
    float gradient = g[i] * s.gradient_factor + s.l2 * parameter;
    float first = m[i] * s.beta1 + gradient * (1.0f - s.beta1);
    float second = v[i] * s.beta2 + gradient * gradient * (1.0f - s.beta2);
    m[i] = first;
    v[i] = second;
    // The builtin is the bare square root: sqrtf would set errno and could not be vectorised.
    float root = __builtin_elementwise_sqrt(second) * s.inverse_root + s.epsilon;
    p[i] = parameter * s.shrink - s.rate * first / root;
  }
}

CK_CLONES void ck_momentum(const ck_momentum_step *step, long count, float *p, const float *g,
                           float *v) {
  const ck_momentum_step s = *step;
  for (long i = 0; i < count; i++) {
    float parameter = p[i];
    float gradient = g[i] * s.gradient_factor + s.l2 * parameter;
    float velocity = s.first ? gradient : s.momentum * v[i] + gradient;
    v[i] = velocity;
    float direction = s.nesterov ? gradient + s.momentum * velocity : velocity;
    p[i] = parameter * s.shrink - s.rate * direction;
  }
}
