using System.Text;
using CsCheck;
using Klock.Coordinator.Json;
using Klock.Coordinator.Protocol;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>The quick reader and the one that reads everything: what the first accepts, the second reads alike.</summary>
public sealed class PlainReaderTests
{
    [Fact]
    public void Usual_requests_are_read_the_quick_way() =>
        Assert.All(Requests.Usual, request => Assert.True(AcceptsAlike(Encoding.UTF8.GetBytes(request)), request));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}x")]
    [InlineData("{,}")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1 "b":2}""")]
    [InlineData("""{"a":"\n"}""")]
    [InlineData("""{"a":"ä"}""")]
    [InlineData("""{"a":[]}""")]
    [InlineData("""{"a":-1}""")]
    [InlineData("""{"a":1.0}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":1000000000000000000}""")]
    [InlineData("""{"\u0061":1}""")]
    public void What_is_not_plain_is_left_to_the_other(string request)
    {
        var places = new FieldPlaces();
        Assert.False(PlainReader.TryRead(Encoding.UTF8.GetBytes(request), ref places));
    }

    [Fact]
    public void Every_beginning_of_a_request_is_read_alike()
    {
        foreach (byte[] request in Requests.Known)
        {
            for (int length = 0; length <= request.Length; length++)
            {
                AcceptsAlike(request.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void Every_change_of_one_byte_is_read_alike()
    {
        foreach (byte[] request in Requests.Known)
        {
            for (int i = 0; i < request.Length; i++)
            {
                byte[] changed = [.. request];
                for (int value = 0; value <= byte.MaxValue; value++)
                {
                    changed[i] = (byte)value;
                    AcceptsAlike(changed);
                }
            }
        }
    }

    [Fact]
    public void Every_byte_left_out_or_doubled_is_read_alike()
    {
        foreach (byte[] request in Requests.Known)
        {
            for (int i = 0; i < request.Length; i++)
            {
                AcceptsAlike([.. request[..i], .. request[(i + 1)..]]);
                AcceptsAlike([.. request[..i], .. request[i..(i + 1)], .. request[i..]]);
            }
        }
    }

    [Fact]
    public void Random_requests_are_read_alike()
    {
        int accepted = 0;
        Requests.Random.Sample(request =>
        {
            if (AcceptsAlike(Encoding.UTF8.GetBytes(request)))
            {
                Interlocked.Increment(ref accepted);
            }
        },
        iter: 100_000);
        Assert.True(accepted > 1_000, $"only {accepted} were plain");
    }

    // Whether the quick reader takes it. That the other finds something else, or an error, fails.
    private static bool AcceptsAlike(ReadOnlySpan<byte> request)
    {
        var quick = new FieldPlaces();
        if (!PlainReader.TryRead(request, ref quick))
        {
            return false;
        }

        var all = new FieldPlaces();
        try
        {
            RequestReader.Read(request, ref all);
        }
        catch (KlockException refused)
        {
            Assert.Fail($"{Encoding.UTF8.GetString(request)}: {refused.Message}");
        }

        foreach (Field field in Fields.All)
        {
            (FieldPlace left, FieldPlace right) = (quick[field.Index], all[field.Index]);
            Assert.Equal(
                (right.Kind, right.Start, right.Length, right.IsEscaped), (left.Kind, left.Start, left.Length, left.IsEscaped));
        }

        return true;
    }
}
