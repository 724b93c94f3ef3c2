using System.Text;
using CsCheck;
using Klock.Kernel.Claims;
using Xunit;

namespace Klock.Kernel.Tests.Leases;

/// <summary>An id is 128 bits, written as 32 lowercase hexadecimal digits, and nothing else is read as one.</summary>
public sealed class LeaseIdTests
{
    [Fact]
    public void Text_and_bits_go_there_and_back() => Gen.Byte.Array[16].Sample(
        bytes =>
        {
            var id = LeaseId.FromBytes(bytes);
            string text = id.ToString();
            byte[] formatted = new byte[LeaseId.TextLength];
            id.Format(formatted);
            Assert.Matches("^[0-9a-f]{32}$", text);
            Assert.Equal(text, Encoding.ASCII.GetString(formatted));
            Assert.True(LeaseId.TryParse(formatted, out LeaseId again));
            Assert.Equal(id, again);
            Assert.Equal(id.GetHashCode(), again.GetHashCode());
            Assert.True(LeaseId.TryParse(Encoding.ASCII.GetBytes(text.ToUpperInvariant()), out again));
            Assert.Equal(id, again);
        },
        iter: 2_000);

    [Fact]
    public void Every_bit_counts()
    {
        HashSet<string> texts = [default(LeaseId).ToString()];
        for (int bit = 0; bit < 128; bit++)
        {
            byte[] bytes = new byte[16];
            bytes[bit / 8] = (byte)(1 << (bit % 8));
            texts.Add(LeaseId.FromBytes(bytes).ToString());
        }

        Assert.Equal(129, texts.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("00123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData(" 123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcde ")]
    [InlineData("+123456789abcdef0123456789abcdef")]
    [InlineData("-123456789abcdef0123456789abcdef")]
    [InlineData("0x23456789abcdef0123456789abcdef")]
    [InlineData("01234567-89ab-cdef-0123-456789ab")]
    [InlineData("0123456789abcdef0123456789abcde\0")]
    [InlineData("0123456789abcdef0123456789abc\u0660")]
    public void Anything_else_is_no_id(string text) => Assert.False(LeaseId.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(15)]
    [InlineData(30)]
    public void Any_two_bytes_are_digits_or_the_text_is_no_id(int place)
    {
        byte[] text = [.. "9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f9f"u8];
        for (int first = 0; first <= byte.MaxValue; first++)
        {
            for (int second = 0; second <= byte.MaxValue; second++)
            {
                (text[place], text[place + 1]) = ((byte)first, (byte)second);
                bool areDigits = char.IsAsciiHexDigit((char)first) && char.IsAsciiHexDigit((char)second);
                Assert.Equal(areDigits, LeaseId.TryParse(text, out LeaseId id));
                Assert.Equal(areDigits ? Encoding.ASCII.GetString(text).ToLowerInvariant() : default(LeaseId).ToString(), id.ToString());
            }
        }
    }
}
