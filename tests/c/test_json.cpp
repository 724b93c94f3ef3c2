// The JSON reader and writer inside klock.hpp, by themselves: no library is needed.
#include "check.h"
#include "klock_json.hpp"

#include <string>

using klock::detail::Json;
using klock::detail::JsonError;
using klock::detail::JsonObject;

static bool refused(std::string_view text) {
    try {
        (void)Json::parse(text);
    } catch (const JsonError&) {
        return true;
    }
    return false;
}

static std::string text_of(std::string_view json) { return Json::parse(json).string(); }

static void every_kind_of_value() {
    const Json json = Json::parse(" { \"a\" : [ null , true,false , -1.5e+3, \"x\" ,{}, [ ] ] ,\"b\":0 }\r\n\t ");
    const auto& items = json.at("a").items();
    CHECK(items.size() == 7);
    CHECK(items[0].is_null());
    CHECK(items[1].boolean() && !items[2].boolean());
    CHECK(items[3].kind() == Json::Kind::Number);
    CHECK(items[4].string() == "x");
    CHECK(items[5].find("a") == nullptr);
    CHECK(items[6].items().empty());
    CHECK(json.at("b").u64() == 0);
    CHECK(json.find("c") == nullptr);
}

static void integers_are_exact_up_to_64_bits() {
    CHECK(Json::parse("18446744073709551615").u64() == UINT64_MAX);
    CHECK(Json::parse("9007199254740993").u64() == UINT64_C(9007199254740993));
    for (const char* text : {"18446744073709551616", "99999999999999999999999", "-1", "-0", "1.0", "1e2"}) {
        bool thrown = false;
        try {
            (void)Json::parse(text).u64();
        } catch (const JsonError&) {
            thrown = true;
        }
        CHECK(thrown);
    }
}

static void escapes_become_utf8() {
    CHECK(text_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
    CHECK(text_of(R"("\u0041\u007f\u0080\u07FF\u0800\uffff")") == "A\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf");
    CHECK(text_of(R"("\ud800\udc00\uDBFF\uDFFF\ud83d\ude00")") == "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\xf0\x9f\x98\x80");
    CHECK(text_of(R"("a\u0000b")") == std::string("a\0b", 3));
    CHECK(text_of("\"gr\xc3\xbc\xc3\x9f\"") == "gr\xc3\xbc\xc3\x9f");
}

static void lone_surrogates_are_refused() {
    for (const char* text : {R"("\ud800")", R"("\ud800x")", R"("\ud800\n")", R"("\ud800\u0041")", R"("\ud800\ud800")", R"("\udc00")"})
        CHECK(refused(text));
}

static void what_is_no_json_is_refused() {
    for (const char* text : {"", " ", "{", "[", "}", "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{a:1}", "{\"a\":1 \"b\":2}", "[1,]",
                             "[,1]", "[1 2]", "[1}", "{\"a\":1]", "1 2", "{}{}", "nul", "tru", "falsE", "True", "'a'", "\"", "\"a", "\"\\",
                             "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "01", "-", "-a", "+1", ".5", "1.", "1.e2", "1e", "1e+",
                             "NaN", "Infinity", "//", "\xef\xbb\xbf{}"})
        if (!CHECK(refused(text))) std::fprintf(stderr, "accepted: %s\n", text);
    CHECK(refused(std::string_view("{}\0", 3)));
    CHECK(refused(std::string_view("\0", 1)));
}

static void a_text_that_ends_anywhere_is_refused() {
    const std::string whole = R"({"a":[true,"x\u0041\ud83d\ude00",null,{"b":-1.5e3}]})";
    CHECK(!refused(whole));
    for (std::size_t n = 0; n < whole.size(); ++n) CHECK(refused(std::string_view(whole).substr(0, n)));
}

static void nesting_is_bounded() {
    CHECK(!refused(std::string(64, '[') + std::string(64, ']')));
    CHECK(refused(std::string(65, '[') + std::string(65, ']')));
    CHECK(refused(std::string(1000000, '[')));
    std::string objects;
    for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
    CHECK(refused(objects));
}

static void the_last_of_repeated_names_counts() { CHECK(Json::parse(R"({"a":1,"a":2})").at("a").u64() == 2); }

static void asking_for_another_type_throws() {
    const Json json = Json::parse(R"({"text":"7","none":null})");
    int thrown = 0;
    try { (void)json.at("text").u64(); } catch (const JsonError&) { ++thrown; }
    try { (void)json.at("missing"); } catch (const JsonError&) { ++thrown; }
    try { (void)json.at("text").find("x"); } catch (const JsonError&) { ++thrown; }
    try { (void)json.items(); } catch (const JsonError&) { ++thrown; }
    CHECK(thrown == 4);
    CHECK(json.text_or_empty("none").empty() && json.text_or_empty("missing").empty() && json.text_or_empty("text") == "7");
}

static void what_is_written_can_be_read() {
    std::string all;
    for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
    all += "\xf0\x9f\x98\x80";
    const std::string json = JsonObject().add("k\"", all).add("n", UINT64_MAX).add_unless_empty("e", "").add_raw("r", "[1]").text();
    const Json read = Json::parse(json);
    CHECK(read.at("k\"").string() == all);
    CHECK(read.at("n").u64() == UINT64_MAX);
    CHECK(read.find("e") == nullptr);
    CHECK(read.at("r").items().size() == 1);
    CHECK(JsonObject().text() == "{}");
    CHECK(JsonObject().add("a", "\x01\n").add("b", std::uint64_t{0}).text() == R"({"a":"\u0001\u000a","b":0})");
}

int main() {
    RUN(every_kind_of_value);
    RUN(integers_are_exact_up_to_64_bits);
    RUN(escapes_become_utf8);
    RUN(lone_surrogates_are_refused);
    RUN(what_is_no_json_is_refused);
    RUN(a_text_that_ends_anywhere_is_refused);
    RUN(nesting_is_bounded);
    RUN(the_last_of_repeated_names_counts);
    RUN(asking_for_another_type_throws);
    RUN(what_is_written_can_be_read);
    return CHECK_RESULT;
}
