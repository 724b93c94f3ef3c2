using System.Text;
using Klock.Coordinator.Json;
using Xunit;

namespace Klock.Coordinator.Tests;

/// <summary>What is remembered is given for the same bytes and for no others.</summary>
public sealed class InternTableTests
{
    [Fact]
    public void Only_the_same_bytes_find_it_again()
    {
        var recent = new InternTable<string>();
        for (int i = 0; i < 10_000; i++)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes($"agent-{i}");
            Assert.Null(recent.Find(utf8));
            recent.Add(utf8, $"agent-{i}");
            Assert.Equal($"agent-{i}", recent.Find(utf8));
        }
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(96, true)]
    [InlineData(97, false)]
    public void Long_texts_are_not_kept(int bytes, bool isKept)
    {
        var recent = new InternTable<string>();
        byte[] utf8 = new byte[bytes];
        Assert.Equal("made", recent.Add(utf8, "made"));
        Assert.Equal(isKept, recent.Find(utf8) is not null);
    }
}
