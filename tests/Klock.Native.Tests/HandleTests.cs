using Klock.Native.Tests.Support;

namespace Klock.Native.Tests;

/// <summary>Handles: never reused, safe to close under others' feet, and nothing made up is taken for one.</summary>
public sealed class HandleTests
{
    private static readonly KlockLibrary Library = KlockLibrary.Product;

    [Fact]
    public void A_closed_handle_is_closed_to_every_function_and_for_good()
    {
        nint handle = Library.Open(null, out _);
        Library.Close(handle);
        Library.Close(handle);
        using var other = new OpenKlock(Library);
        Assert.All(Requests.Names, name => Closed(Library.Send(handle, name, "{}")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(0x1000)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_made_up_handle_is_closed_to_every_function(long forged)
    {
        Assert.All(Requests.Names, name => Closed(Library.Send((nint)forged, name, null)));
        Library.Close((nint)forged);
    }

    [Fact]
    public void The_neighbours_of_a_handle_are_none()
    {
        using var open = new OpenKlock(Library);
        for (int bit = 0; bit < 64; bit++)
        {
            nint forged = open.Handle ^ (nint)(1L << bit);
            Closed(Library.Send(forged, "list_leases", null));
            Library.Close(forged);
        }

        open.Do("list_leases");
    }

    [Fact]
    public void Handle_values_are_never_reused()
    {
        var seen = new HashSet<nint>();
        for (int i = 0; i < 10_000; i++)
        {
            nint handle = Library.Open(null, out _);
            Assert.True(seen.Add(handle));
            Library.Close(handle);
        }
    }

    [Fact]
    public void At_most_4096_stores_are_open_and_one_more_is_refused_with_a_reason()
    {
        var handles = new List<nint>();
        nint last;
        string? error;
        while ((last = Library.Open(null, out error)) != 0)
        {
            handles.Add(last);
        }

        handles.ForEach(Library.Close);
        Assert.Equal(4096, handles.Count);
        Assert.Contains("4096", error, StringComparison.Ordinal);
        using var again = new OpenKlock(Library);
        again.Do("list_leases");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_while_others_are_inside_lets_them_end_well(bool onFile)
    {
        using var folder = new TempFolder();
        for (int round = 0; round < (onFile ? 5 : 100); round++)
        {
            nint handle = Library.Open(onFile ? $$"""{"storage":"sqlite:{{folder.At($"{round}.db")}}"}""" : null, out string? error);
            Assert.True(handle != 0, error);
            Task users = Threads.Start(4, number => UseUntilClosed(handle, number));
            Library.Send(handle, "acquire", OpenKlock.AcquireJson("/main"));
            Library.Close(handle);
            await users;
        }
    }

    private static void Closed(string answer) => Assert.Contains("\"code\":\"CLOSED\"", answer, StringComparison.Ordinal);

    private static void UseUntilClosed(nint handle, int number)
    {
        for (int i = 0; ; i++)
        {
            string answer = Library.Send(handle, "acquire", OpenKlock.AcquireJson($"/{number}/{i}"));
            if (answer.Contains("\"code\":\"CLOSED\"", StringComparison.Ordinal))
            {
                return;
            }

            Assert.StartsWith("""{"success":true""", answer, StringComparison.Ordinal);
        }
    }
}
