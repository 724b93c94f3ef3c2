// klock_answer.hpp - a grant, or the refusal. Included by klock.hpp.
#ifndef KLOCK_ANSWER_HPP
#define KLOCK_ANSWER_HPP

#include "klock_types.hpp"

#include <utility>
#include <variant>

namespace klock {

/// A grant, or the Refusal with its reason: what Acquired, AcquiredAll and Changed have in common.
template <class Granted>
class [[nodiscard]] Answer {
public:
    explicit Answer(Granted granted) : answer_(std::move(granted)) {}
    explicit Answer(Refusal refusal) : answer_(std::move(refusal)) {}

    /// Whether it was granted.
    explicit operator bool() const noexcept { return std::holds_alternative<Granted>(answer_); }

    /// The refusal. Throws std::bad_variant_access if there is none.
    const Refusal& refusal() const { return std::get<Refusal>(answer_); }

protected:
    Granted& value() {
        if (const Refusal* refused = std::get_if<Refusal>(&answer_)) throw Error(refused->reason, refused->message);
        return std::get<Granted>(answer_);
    }

private:
    std::variant<Granted, Refusal> answer_;
};

/// The answer to Lease::change: done, or the Refusal that says why the lease is still what it was.
class [[nodiscard]] Changed : public Answer<std::monostate> {
public:
    using Answer::Answer;

    /// Throws Error with the reason as its code if it was refused.
    void or_throw() { (void)value(); }
};

}  // namespace klock

#endif  // KLOCK_ANSWER_HPP
