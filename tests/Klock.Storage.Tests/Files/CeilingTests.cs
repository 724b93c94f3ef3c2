using System.Text.Json;
using Klock.Storage.Tests.Harness;
using Xunit;

namespace Klock.Storage.Tests.Files;

/// <summary>With synchronous=NORMAL the power may take the last commits away; the tokens they gave are not given again.</summary>
public sealed class CeilingTests : FileSuite
{
    private const string Normal = "?synchronous=normal";

    [Fact]
    public void Tokens_do_not_go_back_when_the_last_commits_are_lost_with_the_power()
    {
        StoreClient client = Open(options: Normal);
        long first = client.Acquire("a", "CONSUMES").Token;
        CloseAll();
        byte[] onTheDisk = File.ReadAllBytes(FilePath);
        client = Open(options: Normal);
        long last = Enumerable.Range(0, 50).Max(_ => client.Acquire("a", "CONSUMES").Token);
        CloseAll();

        // The power went: what was committed since is gone, and the machine starts anew.
        File.WriteAllBytes(FilePath, onTheDisk);
        Reboot();
        StoreClient after = Open(options: Normal);
        long next = after.Acquire("a", "CONSUMES").Token;
        Assert.True(next > last, $"{next} was given after {last}");
        Assert.Equal(["GRANTED", "GAP", "RESUMED", "GRANTED"], after.Events(first - 1).Select(Kind));
        JsonElement gap = after.Events(first - 1).Single(entry => Kind(entry) == "GAP");
        Assert.Equal(first + 1, gap.GetProperty("first_missing").GetInt64());
        Assert.Equal(next - 2, gap.GetProperty("seq").GetInt64());
    }

    [Fact]
    public void A_process_that_was_there_before_follows_over_the_jump()
    {
        // Another container may have a boot id of its own while this process lives.
        StoreClient before = Open(options: Normal);
        string held = before.Acquire("a").LeaseId;
        RawDatabase.Run(FilePath, "UPDATE clocks SET boot = 'another'");
        Assert.Equal("DIE", Open(options: Normal).Acquire("b").Reason);
        Assert.True(before.Release(held).Success);
        Assert.True(Open().Acquire("b").Success);
    }

    [Fact]
    public void A_store_that_waits_for_the_disk_never_jumps()
    {
        long first = Open().Acquire("a", "CONSUMES").Token;
        CloseAll();
        Reboot();
        Assert.Equal(first + 1, Open().Acquire("a", "CONSUMES").Token);
    }

    [Fact]
    public void The_ceiling_is_raised_before_numbers_pass_it()
    {
        StoreClient client = Open(options: Normal);
        client.Acquire("a", "CONSUMES");
        CloseAll();
        RawDatabase.Run(FilePath, "UPDATE ceiling SET sequence = (SELECT max(sequence) FROM events) + 3");
        client = Open(options: Normal);
        for (int i = 0; i < 20; i++)
        {
            long token = client.Acquire("a", "CONSUMES").Token;
            Assert.True(long.Parse(RawDatabase.Ask(FilePath, "SELECT sequence FROM ceiling")!) >= token);
        }
    }

    private void Reboot() => RawDatabase.Run(FilePath, "UPDATE clocks SET boot = 'an earlier one'");

    private static string Kind(JsonElement entry) => entry.GetProperty("kind").GetString()!;
}
