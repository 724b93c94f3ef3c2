// klock_json.hpp - the small JSON reader and writer inside klock.hpp; not an interface of its own.
//
// With it the C++ binding forces no JSON library on its users. It does what Klock's answers need: exact u64
// integers (a double would round fencing tokens and priorities), all escapes, and a bound on nesting.
#ifndef KLOCK_JSON_HPP
#define KLOCK_JSON_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace klock::detail {

/// A text that is no JSON, or JSON without an expected value.
class JsonError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One JSON value. Immutable once parsed, so it may be shared among threads.
class Json {
public:
    enum class Kind { Null, Bool, Number, String, Array, Object };

    /// Reads exactly one value with nothing but white space around it. Throws JsonError.
    static Json parse(std::string_view text);

    Kind kind() const noexcept { return kind_; }
    bool is_null() const noexcept { return kind_ == Kind::Null; }

    bool boolean() const { return expect(Kind::Bool).text_ == "true"; }
    const std::string& string() const { return expect(Kind::String).text_; }
    const std::vector<Json>& items() const { return expect(Kind::Array).items_; }

    /// A whole number from 0 to 2^64 - 1, exact. Throws JsonError for a sign, a fraction, an exponent or a larger one.
    std::uint64_t u64() const {
        std::uint64_t value = 0;
        for (char c : expect(Kind::Number).text_) {
            if (c < '0' || c > '9') throw JsonError("not a whole number: " + text_);
            const auto digit = static_cast<std::uint64_t>(c - '0');
            if (value > (std::numeric_limits<std::uint64_t>::max() - digit) / 10) throw JsonError("too large: " + text_);
            value = value * 10 + digit;
        }
        return value;
    }

    /// The member of that name, or nullptr. The last one counts if a name is repeated.
    const Json* find(std::string_view name) const {
        const auto& values = expect(Kind::Object).items_;
        for (std::size_t i = values.size(); i-- > 0;)
            if (names_[i] == name) return &values[i];
        return nullptr;
    }

    /// The member of that name. Throws JsonError if there is none.
    const Json& at(std::string_view name) const {
        if (const Json* member = find(name)) return *member;
        throw JsonError("no field '" + std::string(name) + "'");
    }

    /// The text of a member that may be absent or null: empty then.
    std::string text_or_empty(std::string_view name) const {
        const Json* member = find(name);
        return member == nullptr || member->is_null() ? std::string() : member->string();
    }

private:
    friend class JsonReader;

    const Json& expect(Kind kind) const {
        if (kind_ != kind) throw JsonError("a field has another type than expected");
        return *this;
    }

    Kind kind_ = Kind::Null;
    std::string text_;                // of a string (decoded), a number (as written) or a bool
    std::vector<std::string> names_;  // of an object's items_, in the same order
    std::vector<Json> items_;
};

/// Recursive descent over a text, at most max_depth arrays and objects deep.
class JsonReader {
public:
    static constexpr int max_depth = 64;

    explicit JsonReader(std::string_view text) : text_(text) {}

    Json document() {
        Json value = read_value(0);
        skip_white();
        if (at_ != text_.size()) fail("text after the end");
        return value;
    }

private:
    [[noreturn]] void fail(const char* what) const {
        throw JsonError(std::string("bad JSON at byte ") + std::to_string(at_) + ": " + what);
    }

    char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    char take() {
        if (at_ >= text_.size()) fail("it ends early");
        return text_[at_++];
    }

    bool accept(char c) noexcept {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    void skip_white() noexcept {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }

    Json read_value(int depth) {
        skip_white();
        switch (peek()) {
            case '{': return read_object(depth + 1);
            case '[': return read_array(depth + 1);
            case '"': return leaf(Json::Kind::String, read_string());
            case 't': return word("true", Json::Kind::Bool);
            case 'f': return word("false", Json::Kind::Bool);
            case 'n': return word("null", Json::Kind::Null);
            default: return leaf(Json::Kind::Number, read_number());
        }
    }

    static Json leaf(Json::Kind kind, std::string text) {
        Json value;
        value.kind_ = kind;
        value.text_ = std::move(text);
        return value;
    }

    Json word(std::string_view expected, Json::Kind kind) {
        if (text_.substr(at_, expected.size()) != expected) fail("an unknown word");
        at_ += expected.size();
        return leaf(kind, std::string(expected));
    }

    Json read_object(int depth) {
        Json value = open(Json::Kind::Object, depth);
        if (skip_white(), accept('}')) return value;
        do {
            skip_white();
            value.names_.push_back(read_string());
            if (skip_white(), !accept(':')) fail("':' expected");
            value.items_.push_back(read_value(depth));
            skip_white();
        } while (accept(','));
        if (!accept('}')) fail("',' or '}' expected");
        return value;
    }

    Json read_array(int depth) {
        Json value = open(Json::Kind::Array, depth);
        if (skip_white(), accept(']')) return value;
        do {
            value.items_.push_back(read_value(depth));
            skip_white();
        } while (accept(','));
        if (!accept(']')) fail("',' or ']' expected");
        return value;
    }

    Json open(Json::Kind kind, int depth) {
        if (depth > max_depth) fail("nested too deep");
        ++at_;
        return leaf(kind, std::string());
    }

    std::size_t skip_digits() noexcept {
        const std::size_t start = at_;
        while (peek() >= '0' && peek() <= '9') ++at_;
        return at_ - start;
    }

    std::string read_number() {
        const std::size_t start = at_;
        accept('-');
        if (!accept('0') && skip_digits() == 0) fail("a value expected");
        if (accept('.') && skip_digits() == 0) fail("a digit expected after '.'");
        if (accept('e') || accept('E')) {
            if (!accept('+')) accept('-');
            if (skip_digits() == 0) fail("a digit expected in the exponent");
        }
        return std::string(text_.substr(start, at_ - start));
    }

    std::string read_string() {
        if (!accept('"')) fail("'\"' expected");
        std::string out;
        for (;;) {
            const char c = take();
            if (c == '"') return out;
            if (static_cast<unsigned char>(c) < 0x20) fail("a control character in a string");
            if (c == '\\') read_escape(out);
            else out.push_back(c);
        }
    }

    void read_escape(std::string& out) {
        switch (take()) {
            case '"': out.push_back('"'); return;
            case '\\': out.push_back('\\'); return;
            case '/': out.push_back('/'); return;
            case 'b': out.push_back('\b'); return;
            case 'f': out.push_back('\f'); return;
            case 'n': out.push_back('\n'); return;
            case 'r': out.push_back('\r'); return;
            case 't': out.push_back('\t'); return;
            case 'u': append_utf8(out, read_code_point()); return;
            default: fail("an unknown escape");
        }
    }

    std::uint32_t read_hex4() {
        std::uint32_t unit = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = take();
            unit <<= 4;
            if (c >= '0' && c <= '9') unit |= static_cast<std::uint32_t>(c - '0');
            else if (c >= 'a' && c <= 'f') unit |= static_cast<std::uint32_t>(c - 'a' + 10);
            else if (c >= 'A' && c <= 'F') unit |= static_cast<std::uint32_t>(c - 'A' + 10);
            else fail("four hex digits expected");
        }
        return unit;
    }

    /// One \u escape, or two that form a surrogate pair. A lone surrogate is no character, and UTF-8 cannot hold it.
    std::uint32_t read_code_point() {
        const std::uint32_t unit = read_hex4();
        if (unit < 0xD800 || unit > 0xDFFF) return unit;
        if (unit > 0xDBFF || !accept('\\') || !accept('u')) fail("a lone surrogate");
        const std::uint32_t low = read_hex4();
        if (low < 0xDC00 || low > 0xDFFF) fail("a lone surrogate");
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }

    static void append_utf8(std::string& out, std::uint32_t point) {
        const auto tail = [&](int shift) { out.push_back(static_cast<char>(0x80 | ((point >> shift) & 0x3F))); };
        if (point < 0x80) {
            out.push_back(static_cast<char>(point));
        } else if (point < 0x800) {
            out.push_back(static_cast<char>(0xC0 | (point >> 6)));
            tail(0);
        } else if (point < 0x10000) {
            out.push_back(static_cast<char>(0xE0 | (point >> 12)));
            tail(6), tail(0);
        } else {
            out.push_back(static_cast<char>(0xF0 | (point >> 18)));
            tail(12), tail(6), tail(0);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

inline Json Json::parse(std::string_view text) { return JsonReader(text).document(); }

/// Writes one compact JSON object, a field at a time, in the order of the calls.
class JsonObject {
public:
    JsonObject& add(std::string_view name, std::string_view text) {
        begin(name);
        quote(out_, text);
        return *this;
    }

    JsonObject& add(std::string_view name, std::uint64_t number) {
        begin(name);
        out_ += std::to_string(number);
        return *this;
    }

    /// As milliseconds. Signed, so that the library can refuse a negative one.
    JsonObject& add(std::string_view name, std::chrono::milliseconds span) { return add_raw(name, std::to_string(span.count())); }

    /// For fields that are left out when they are empty.
    JsonObject& add_unless_empty(std::string_view name, std::string_view text) { return text.empty() ? *this : add(name, text); }

    /// Adds a value that is JSON already.
    JsonObject& add_raw(std::string_view name, std::string_view json) {
        begin(name);
        out_ += json;
        return *this;
    }

    std::string text() const { return out_ + '}'; }

private:
    void begin(std::string_view name) {
        if (out_.size() > 1) out_ += ',';
        quote(out_, name);
        out_ += ':';
    }

    /// Bytes from 0x20 up go out as they are: whether they are UTF-8 is the library's to judge.
    static void quote(std::string& out, std::string_view text) {
        static constexpr char hex[] = "0123456789abcdef";
        out += '"';
        for (char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == '"' || c == '\\') (out += '\\') += c;
            else if (byte < 0x20) ((out += "\\u00") += hex[byte >> 4]) += hex[byte & 15];
            else out += c;
        }
        out += '"';
    }

    std::string out_ = "{";
};

}  // namespace klock::detail

#endif  // KLOCK_JSON_HPP
