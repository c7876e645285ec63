#include "households.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace tests::support {
namespace {

constexpr std::size_t kSaturday = 5;

// Half hours of a day, from midnight on.
struct Persona {
    double wakes, leaves, returns, sleeps;
    double day_use;    // of the active use, while the others are out
    double night_use;  // of the active use: heating, a shift
};

constexpr std::array<Persona, 5> kPersonas{{
    {13, 16, 36, 46, 0.15, 0.1},  // works by day
    {14, 47, 47, 45, 0.7, 0.1},   // retired, at home
    {12, 15, 33, 44, 0.35, 0.1},  // a family
    {26, 42, 14, 30, 0.6, 0.3},   // works by night
    {14, 17, 37, 47, 0.15, 1.2},  // heats by night
}};

// The standard library's distributions may differ from one to the next.
class Chance {
  public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}

    double even() { return static_cast<double>(random_() >> 11U) * 0x1p-53; }
    double between(double low, double high) { return low + (high - low) * even(); }
    // About normal, of mean 0 and deviation 1: the sum of twelve even ones.
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += even();
        return sum;
    }
    // As likely to be twice as much as half of it.
    double about(double low, double high) { return low * std::pow(high / low, even()); }
    bool happens(double likely) { return even() < likely; }
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  private:
    std::mt19937_64 random_;
};

// What stays the same of a household from week to week.
struct Habits {
    Persona persona;
    double base;     // Wh a half hour, whatever happens
    double active;   // more of it when somebody is up
    double evening;  // more again: cooking, light
    double dinner;   // the half hour of it
    double late_on_weekends;
    std::size_t washing_day;
    double washing_hour;
    double washing;  // Wh
    // A boiler by a clock, where there is one.
    double heats_at;
    double heats_for;  // half hours
    double heating;    // Wh a half hour; 0: none
};

Habits habits_of(Chance& chance) {
    Habits habits{};
    habits.persona = kPersonas[chance.below(kPersonas.size())];
    habits.persona.wakes += 1.5 * chance.normal();
    habits.persona.leaves += 1.5 * chance.normal();
    habits.persona.returns += 2 * chance.normal();
    habits.persona.sleeps += 1.5 * chance.normal();
    habits.base = chance.about(15, 200);
    habits.active = chance.about(40, 500);
    habits.evening = chance.about(80, 1'200);
    habits.dinner = 38 + 2 * chance.normal();
    habits.late_on_weekends = std::abs(2 * chance.normal());
    habits.washing_day = chance.below(Households::kDays);
    habits.washing_hour = chance.between(16, 44);
    habits.washing = chance.between(300, 1500);
    habits.heats_at = chance.between(0, 14);
    habits.heats_for = chance.between(2, 7);
    habits.heating = chance.happens(0.4) ? chance.about(200, 1'000) : 0;
    return habits;
}

// Whether `half_hour` is between the two, also across midnight.
bool is_within(double half_hour, double from, double until) {
    return from <= until ? half_hour >= from && half_hour < until
                         : half_hour >= from || half_hour < until;
}

struct Day {
    double shift;  // of the day's hours
    double level;
    bool is_away;
    bool is_weekend;
};

double use_at(const Habits& habits, const Day& day, double half_hour) {
    const Persona& persona = habits.persona;
    double use = habits.base;
    if (is_within(half_hour, habits.heats_at, habits.heats_at + habits.heats_for))
        use += habits.heating;
    if (day.is_away) return use;
    const double late = day.is_weekend ? habits.late_on_weekends : 0;
    const double hour = half_hour - day.shift;
    const bool is_up = is_within(hour, persona.wakes + late, persona.sleeps + late / 2);
    const bool is_out = !day.is_weekend && is_within(hour, persona.leaves, persona.returns);
    if (is_up) use += habits.active * (is_out ? persona.day_use : 1);
    if (!is_up) use += habits.active * persona.night_use;
    const double from_dinner = std::abs(hour - habits.dinner);
    if (is_up && from_dinner < 4) use += habits.evening * (1 - from_dinner / 4);
    return use * day.level;
}

Households::Week week_of(const Habits& habits, Chance& chance) {
    Households::Week week;
    week.reserve(Households::kDays * Households::kHalfHours);
    const bool washes = chance.happens(0.85);
    for (std::size_t number = 0; number < Households::kDays; ++number) {
        const Day day{
            0.6 * chance.normal(),
            std::max(0.3, 1 + 0.15 * chance.normal()),
            chance.happens(0.05),
            number >= kSaturday};
        const double washing = habits.washing_hour + 2 * chance.normal();
        for (std::size_t i = 0; i < Households::kHalfHours; ++i) {
            double use = use_at(habits, day, static_cast<double>(i));
            const double into_washing = static_cast<double>(i) - washing;
            if (washes && number == habits.washing_day && into_washing >= 0 && into_washing < 3)
                use += habits.washing / 3;
            use *= std::max(0.1, 1 + 0.3 * chance.normal());
            week.push_back(static_cast<std::uint32_t>(std::lround(use)));
        }
    }
    return week;
}

}  // namespace

Households::Households(std::size_t households, std::size_t weeks, std::uint64_t seed)
    : households_(households), weeks_(weeks) {
    curves_.reserve(households * weeks);
    for (std::size_t household = 0; household < households; ++household) {
        Chance chance(seed * 1'000'003 + household);
        const Habits habits = habits_of(chance);
        for (std::size_t week = 0; week < weeks; ++week) curves_.push_back(week_of(habits, chance));
    }
}

}  // namespace tests::support
