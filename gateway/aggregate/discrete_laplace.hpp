#pragma once
#include "gateway/aggregate/fraction.hpp"
#include "gateway/aggregate/random_bits.hpp"
#include "gateway/model/result.hpp"

#include <cstdint>

namespace gateway::aggregate {

// True with probability exp(-numerator / denominator), exact (Canonne, Kamath, Steinke: The
// Discrete Gaussian for Differential Privacy, NeurIPS 2020, algorithm 1, for exponents of at most
// 1). Errors as RandomBits::below. numerator <= denominator <= kScaleNumeratorMax.
model::Result<bool> bernoulli_exp(Fraction exponent, RandomBits& bits);

// Noise that makes an integer sum differentially private (ISO/IEC 20889: randomisation, noise
// addition): the integer y with probability proportional to exp(-|y| / scale). Algorithm 2 of the
// same paper, integers only, so that no pattern of floating-point bits tells what was added to
// (Mironov 2012). How long a draw takes depends on what is drawn (arXiv 2112.05307): draw where
// nobody can time it, and publish on a fixed tick.
class DiscreteLaplace {
  public:
    static constexpr std::uint64_t kScaleNumeratorMax = std::uint64_t{1} << 50;

    // The noise by which a sum that one meter changes by at most `sensitivity` (at least 1) is
    // epsilon-private; scale = sensitivity / epsilon. Errc::impossible_rule when epsilon or scale
    // are beyond their bounds.
    static model::Result<DiscreteLaplace> of(std::uint64_t sensitivity, Fraction epsilon);

    // One draw. An error, never a default, when the randomness fails.
    model::Result<std::int64_t> draw(RandomBits& bits) const;

    Fraction scale() const { return scale_; }

  private:
    explicit DiscreteLaplace(Fraction scale) : scale_(scale) {}

    // Not negative, and 0 as likely as any side of it: the sign comes after.
    model::Result<std::uint64_t> draw_magnitude(RandomBits& bits) const;

    Fraction scale_;
};

}  // namespace gateway::aggregate
