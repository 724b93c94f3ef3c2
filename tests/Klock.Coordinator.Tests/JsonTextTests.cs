using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CsCheck;
using Klock.Coordinator.Json;
using Klock.Kernel.Claims;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>Answers are written as the framework's own writer writes them.</summary>
public sealed class JsonTextTests
{
    private static readonly JsonWriterOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true,
    };

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 40],
        Gen.String[Gen.Char['\0', '\u00FF'], 0, 40],
        Gen.String[Gen.Char['\u0100', '\uD7FF'], 0, 20]);

    [Fact]
    public void Every_character_is_written_alike_wherever_it_stands()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            if (!char.IsSurrogate((char)c))
            {
                AssertAlike((char)c + "");
                AssertAlike("0123456789abcde" + (char)c);
                AssertAlike("0123456789abcdef" + (char)c + "0123456789abcdef");
            }
        }

        AssertAlike("😀\U0010FFFF");
    }

    [Fact]
    public void Random_texts_are_written_alike() => s_text.Sample(AssertAlike, iter: 20_000);

    [Fact]
    public void Text_that_does_not_fit_into_the_buffer_is_written_alike()
    {
        for (int length = 400; length < 600; length++)
        {
            AssertAlike(new string('x', length));
            AssertAlike(new string('"', length));
        }

        AssertAlike(new string('ä', 100_000));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Throws<ArgumentException>(() => { Ours("\ud83d", 0); });

    private static void AssertAlike(string text)
    {
        long number = text.Length * 0x1234_5678_9ABC_DEFL;
        Assert.Equal(Framework(text, number), Ours(text, number));
    }

    private static string Ours(string text, long number)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var json = new JsonText(buffer);
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteString("parts"u8, text, ":", text);
        json.WriteNumber("number"u8, number);
        json.WriteNumber("unsigned"u8, (ulong)number);
        json.WriteString("nothing"u8, (string?)null);
        json.WriteStartArray("list"u8);
        json.WriteStringValue(text);
        json.WriteStringValue(text);
        json.WriteStartObject();
        json.WriteBoolean("yes"u8, true);
        json.WriteBoolean("no"u8, false);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("object"u8);
        json.WriteId("id"u8, new LeaseId((ulong)number));
        json.WriteString("literal"u8, "literal"u8);
        json.WriteNull("null"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Finish();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Framework(string text, long number)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, s_options);
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteString("parts"u8, $"{text}:{text}");
        json.WriteNumber("number"u8, number);
        json.WriteNumber("unsigned"u8, (ulong)number);
        json.WriteString("nothing"u8, (string?)null);
        json.WriteStartArray("list"u8);
        json.WriteStringValue(text);
        json.WriteStringValue(text);
        json.WriteStartObject();
        json.WriteBoolean("yes"u8, true);
        json.WriteBoolean("no"u8, false);
        json.WriteEndObject();
        json.WriteStartObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("object"u8);
        json.WriteString("id"u8, new LeaseId((ulong)number).ToString());
        json.WriteString("literal"u8, "literal"u8);
        json.WriteNull("null"u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
