#include "clopper_pearson.hpp"

#include <cmath>

namespace tests::privacy {
namespace {

// The continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method.
double continued_fraction(double a, double b, double x) {
    constexpr double kTiny = 1e-300;
    constexpr double kEnough = 1e-14;
    constexpr int kTermsMax = 100'000;
    const auto not_zero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / not_zero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m < kTermsMax; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / not_zero(1 + even * d);
        c = not_zero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / not_zero(1 + odd * d);
        c = not_zero(1 + odd / c);
        fraction *= d * c;
        if (std::abs(d * c - 1) < kEnough) break;
    }
    return fraction;
}

// The regularised incomplete beta function I_x(a, b).
double incomplete_beta(double a, double b, double x) {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const double front = std::exp(
        std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)
    );
    if (x < (a + 1) / (a + b + 2)) return front * continued_fraction(a, b, x) / a;
    return 1 - front * continued_fraction(b, a, 1 - x) / b;
}

// The x at which I_x(a, b) is `target`.
double quantile(double a, double b, double target) {
    double low = 0;
    double high = 1;
    constexpr int kSteps = 60;
    for (int i = 0; i < kSteps; ++i) {
        const double middle = (low + high) / 2;
        (incomplete_beta(a, b, middle) < target ? low : high) = middle;
    }
    return (low + high) / 2;
}

}  // namespace

double lower_bound(std::uint64_t hits, std::uint64_t draws, double alpha) {
    if (hits == 0) return 0;
    const auto k = static_cast<double>(hits);
    return quantile(k, static_cast<double>(draws) - k + 1, alpha);
}

double upper_bound(std::uint64_t hits, std::uint64_t draws, double alpha) {
    if (hits == draws) return 1;
    const auto k = static_cast<double>(hits);
    return quantile(k + 1, static_cast<double>(draws) - k, 1 - alpha);
}

}  // namespace tests::privacy
