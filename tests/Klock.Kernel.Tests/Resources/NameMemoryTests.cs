using Klock.Kernel.Claims;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Xunit;

namespace Klock.Kernel.Tests.Resources;

/// <summary>Memory is linear in the bytes of the names held, however they are made up, and nothing recurses over their depth.</summary>
/// <remarks>What a thread allocates is counted, which other tests do not disturb, and is no less than what remains.</remarks>
public sealed class NameMemoryTests(ITestOutputHelper output)
{
    private static long _lastId;

    private const int Intents = 256;
    private const int PathBytes = 4_096;

    // What a C library other than glibc gives a thread.
    private const int SmallStack = 128 * 1_024;

    // A lease, its place in every table; a directory on the way to it; and a character, which stands in a string, and in another one
    // as a part of its own, both in UTF-16.
    private const long BytesALease = 1_000;
    private const long BytesAPart = 300;
    private const long BytesACharacter = 4;

    public static TheoryData<string, string[]> Manifests => new()
    {
        { "deep: as many parts as there may be, each of them short", Paths(i => Join(256, part => part == 0 ? $"{i}" : "d")) },
        { "deep and long", Paths(i => Join(256, part => part == 0 ? $"{i:000}" : "directory-15-ch")) },
        { "one below the other", Paths(i => Join(i + 1, _ => "d")) },
        { "one below the other, long", Paths(i => Join(i + 1, _ => "directory-15-ch")) },
        { "wide: all in one directory", Paths(i => $"src/{i}") },
        { "long parts", Paths(i => $"{i:000}/{new string('x', PathBytes - 4)}") },
        { "subtrees one in another", Paths(i => Join(i + 1, _ => "d") + "/**") },
        { "symbols in deep files", Paths(i => Join(256, _ => "d") + $"#{i}") },
        { "flat", Paths(i => $"{i:000}" + new string('/', PathBytes - 3)) },
    };

    [Theory]
    [MemberData(nameof(Manifests))]
    public void What_a_manifest_allocates_is_linear_in_its_bytes(string shape, string[] paths)
    {
        bool isFlat = shape == "flat";
        long allowed = paths.Sum(path =>
            BytesALease + (BytesAPart * (isFlat ? 1 : path.Split('/').Length)) + (BytesACharacter * path.Length));
        long allocated = Allocated(() => Hold(new LeaseTable(0), [.. paths.Select(path => Wanted(path, isFlat))]));
        double aByte = (double)allocated / paths.Sum(path => path.Length);
        output.WriteLine($"{shape}: {allocated} bytes of {allowed} allowed, {aByte:0.0} a byte");
        Assert.InRange(allocated, 1, allowed);
    }

    // Twice as deep must cost twice as much: were it four times, no bound in bytes a part would do.
    [Fact]
    public void A_path_of_twice_the_depth_costs_twice_as_much()
    {
        long once = Allocated(() => Hold(new LeaseTable(0), [Wanted(Deep(10_000))]));
        long twice = Allocated(() => Hold(new LeaseTable(0), [Wanted(Deep(20_000))]));
        Assert.InRange((double)twice / once, 1.5, 2.5);
    }

    // Names that were claimed one by one, and released, leave no text of theirs in what others still hold.
    [Fact]
    public void What_was_let_go_leaves_nothing_in_the_directories_of_others()
    {
        var table = new LeaseTable(0);
        string[] deep = [.. Enumerable.Range(1, 200).Select(depth => Join(depth, _ => "directory-15-ch"))];
        table.Hold("keeper", "s", Request.File(deep[^1]), Predicate.Consumes, 1);
        var texts = new List<WeakReference>();
        foreach (string path in deep)
        {
            TakeAndRelease(table, path, texts);
        }

        // Some of those released last are kept, in case they are claimed again.
        for (int i = 0; i < 64; i++)
        {
            table.Release(table.Hold("a", "s", Request.File($"other{i}"), Predicate.Consumes, 1).Id, 1);
        }

        GC.Collect();
        Assert.Equal(0, texts.Count(text => text.IsAlive));
        GC.KeepAlive(table);
    }

    [Fact]
    public void Depth_needs_no_stack()
    {
        string[] paths = [Deep(30_000), Deep(20_000) + "/**", Deep(10_000) + "/x"];
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => TakeWaitAndRelease(paths)), SmallStack);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private static void TakeWaitAndRelease(string[] paths)
    {
        var leader = new LeaseTable(0);
        var replica = new LeaseTable(0);
        var follower = new Follower(replica);
        leader.SendEventsTo(follower);
        foreach (string path in paths)
        {
            leader.Hold("a", "s", Wanted(path).Resource, Predicate.Consumes, 1);
        }

        Resource symbol = Wanted(Deep(20_000) + "/y#f").Resource;
        Assert.Equal(1, leader.Acquire("b", "s", symbol, Predicate.Mutates, 1).Conflicts.Total);
        Assert.Equal(2, leader.Acquire("b", "s", Wanted(Deep(15_000) + "/**").Resource, Predicate.Mutates, 1).Conflicts.Total);
        Assert.Equal(leader.ResourceNodeCount, replica.ResourceNodeCount);
        Assert.Equal(paths.Length, leader.EndSession("a", "s", 1));
        Assert.Equal(0, leader.ResourceNodeCount);
        Assert.Equal(0, replica.ResourceNodeCount);
    }

    private static void TakeAndRelease(LeaseTable table, string path, List<WeakReference> texts)
    {
        Resource resource = Request.File(new string(path.AsSpan()));
        texts.Add(new WeakReference(resource.Path));
        table.Release(table.Hold("a", "s", resource, Predicate.Consumes, 1).Id, 1);
    }

    private static void Hold(LeaseTable table, WantedLease[] wanted)
    {
        var request = new AcquireRequest { AgentId = "a", SessionId = "s", Wanted = wanted, TtlMs = 60_000 };
        table.Acquire(request, 1, out AcquireOutcome outcome);
        Assert.True(outcome.IsGranted);
    }

    private static long Allocated(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Also deeper than a request may ask for: what the tree costs must not hang on that limit.
    private static WantedLease Wanted(string path, bool isFlat = false)
    {
        ResourceType type = isFlat ? ResourceType.Custom : path.Contains('#') ? ResourceType.Symbol : ResourceType.File;
        Assert.True(Resource.TryRestore(type, path, out Resource? resource, out string? problem), problem);
        return new WantedLease(FreshId(), resource!, Predicate.Consumes);
    }

    private static string Deep(int parts) => Join(parts, _ => "d");

    private static string Join(int parts, Func<int, string> part) => string.Join('/', Enumerable.Range(0, parts).Select(part));

    private static string[] Paths(Func<int, string> path) => [.. Enumerable.Range(0, Intents).Select(path)];

    private static LeaseId FreshId() => new((UInt128)Interlocked.Increment(ref _lastId));

    private sealed class Follower(LeaseTable replica) : IEventSink
    {
        public void Append(in Event happened) => replica.Apply(happened);
    }
}
