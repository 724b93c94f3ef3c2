using System.IO.MemoryMappedFiles;
using Klock.Client;
using Klock.Coordinator;
using Klock.Coordinator.Ids;

namespace Klock.Storage.Hammer;

/// <summary>Takes and releases leases while its disk fails now and then, then always, then no more, over and over.</summary>
/// <remarks>The disk is shim/faults.c, preloaded into this process; the word in the file says how many calls of a thousand fail.</remarks>
internal sealed class Endurance(LeaseCoordinator coordinator, Diary diary, MemoryMappedViewAccessor chance, int seed)
{
    private const int Steps = 30;
    private const int Always = 1_000;
    private const long OneDayMs = 86_400_000;
    private const string Agent = "a", Unavailable = "STORAGE_UNAVAILABLE";

    private readonly Door _door = new(coordinator);
    private readonly Random _random = new(seed);
    private readonly List<string> _held = [];
    private int _names;

    public static int Run(string store, string diaryPath, string chancePath, int seed, int episodes)
    {
        using var diary = new Diary(diaryPath);
        using var file = MemoryMappedFile.CreateFromFile(chancePath, FileMode.Open, mapName: null, capacity: 0);
        using MemoryMappedViewAccessor chance = file.CreateViewAccessor();
        using LeaseCoordinator coordinator = LocalStores.Open(store, TimeProvider.System, KernelRandom.Shared);
        var endurance = new Endurance(coordinator, diary, chance, seed);
        for (int i = 0; i < episodes; i++)
        {
            endurance.Episode();
        }

        return 0;
    }

    private void Episode()
    {
        chance.Write(0, _random.Next(5, 200));
        for (int i = 0; i < Steps; i++)
        {
            Step();
        }

        // Nothing can be stored, so nothing may be said but that.
        chance.Write(0, Always);
        Expect(_door.Acquire(Agent, Fresh(), OneDayMs), Unavailable);
        Expect(_door.Health(), Unavailable);
        chance.Write(0, 0);
        Expect(_door.Health(), Heard.Granted);
        Take(mayFail: false);
    }

    private void Step()
    {
        if (_held.Count > 0 && _random.Next(3) == 0)
        {
            RemoveLease(_held[_random.Next(_held.Count)]);
        }
        else if (_held.Count > 0 && _random.Next(3) == 0)
        {
            Renew(_held[_random.Next(_held.Count)]);
        }
        else
        {
            Take(mayFail: true);
        }
    }

    private void Take(bool mayFail)
    {
        Heard reply = _door.Acquire(Agent, Fresh(), OneDayMs);
        if (reply.IsGranted)
        {
            diary.Granted(reply);
            _held.Add(reply.LeaseId);
        }
        else
        {
            Failed(reply, mayFail);
        }
    }

    private void Renew(string lease)
    {
        Heard reply = _door.Heartbeat(lease);
        if (reply.IsGranted)
        {
            diary.Renewed(lease, reply.ExpiresAtMs);
        }
        else
        {
            Failed(reply, mayFail: true);
        }
    }

    // What a release that failed came to is not known.
    private void RemoveLease(string lease)
    {
        _held.Remove(lease);
        diary.Releasing(lease);
        Heard reply = _door.Release(lease);
        if (reply.IsGranted)
        {
            diary.Released(lease);
        }
        else
        {
            Failed(reply, mayFail: true);
        }
    }

    private void Failed(Heard reply, bool mayFail)
    {
        diary.Refused(reply.Verdict);
        if (!mayFail || reply.Verdict != Unavailable)
        {
            diary.Wrong("a request was answered " + reply.Text);
        }
    }

    private void Expect(Heard reply, string verdict)
    {
        if (!reply.IsGranted)
        {
            diary.Refused(reply.Verdict);
        }

        if (reply.Verdict != verdict)
        {
            diary.Wrong($"{verdict} was to be expected, and the answer was {reply.Text}");
        }
    }

    private (string Type, string Path, string Predicate) Fresh() => ("CUSTOM", $"{seed}-{_names++}", "MUTATES");
}
