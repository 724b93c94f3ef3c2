using Klock.Coordinator;

namespace Klock.Storage.Hammer;

/// <summary>
/// One session that takes claims at random, holds a few at once, renews some, releases them, and obeys its verdicts: on WAIT it
/// asks again, on DIE it releases everything first.
/// </summary>
public sealed class Worker(LeaseCoordinator coordinator, Witness witness, int row, Diary diary, long ttlMs, int seed)
{
    private const int MostHeld = 3, MostTries = 20;

    private readonly Door _door = new(coordinator);
    private readonly Random _random = new(seed);
    private readonly List<Held> _held = [];

    private string Agent => $"agent-{row}";

    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Works until the witness says stop, then releases everything.</summary>
    public void Run()
    {
        // Some are as old as others, so that ties are settled too.
        _door.Register(Agent, (ulong)(row % 5));
        witness.Arrive();
        while (!witness.Stopped)
        {
            Take(_random.Next(Ground.Cells));
            Think();
            if (_held.Count > 0 && _random.Next(4) == 0)
            {
                Renew(_held[_random.Next(_held.Count)]);
            }

            while (_held.Count == MostHeld || (_held.Count > 0 && _random.Next(3) > 0))
            {
                RemoveLease(_held[_random.Next(_held.Count)]);
            }
        }

        LetGoOfAll();
    }

    private void Take(int cell)
    {
        for (int tries = 0; tries < MostTries && _held.TrueForAll(held => held.Cell != cell) && !witness.Stopped; tries++)
        {
            long sentMs = NowMs;
            Heard reply = _door.Acquire(Agent, Ground.Claim(cell), ttlMs);
            if (reply.IsGranted)
            {
                diary.Granted(reply);
                if (witness.Enter(row, cell, sentMs + ttlMs, reply.Token, () => NowMs) is { } wrong)
                {
                    diary.Wrong(wrong);
                }

                _held.Add(new Held(cell, reply.LeaseId, sentMs + ttlMs));
                return;
            }

            diary.Refused(reply.Verdict);
            if (reply.Verdict == "DIE")
            {
                LetGoOfAll();
            }
            else if (reply.Verdict != "WAIT")
            {
                diary.Wrong("an acquire was answered " + reply.Text);
            }

            Thread.Sleep(_random.Next(3));
        }
    }

    private void Renew(Held held)
    {
        long sentMs = NowMs;
        Heard reply = _door.Heartbeat(held.LeaseId);
        if (reply.IsGranted)
        {
            diary.Renewed(held.LeaseId, reply.ExpiresAtMs);
            held.UntilMs = sentMs + ttlMs;
            witness.Renew(row, held.Cell, held.UntilMs);
        }
        else
        {
            CheckLoss(held, reply);
            witness.Leave(row, held.Cell);
            _held.Remove(held);
        }
    }

    private void RemoveLease(Held held)
    {
        witness.Leave(row, held.Cell);
        diary.Releasing(held.LeaseId);
        Heard reply = _door.Release(held.LeaseId);
        if (reply.IsGranted)
        {
            diary.Released(held.LeaseId);
        }
        else
        {
            CheckLoss(held, reply);
        }

        _held.Remove(held);
    }

    // A lease may run out under a worker that the system did not run for a while, but not before its time.
    private void CheckLoss(Held held, Heard reply)
    {
        if (NowMs < held.UntilMs || reply.Verdict != "EXPIRED")
        {
            diary.Wrong($"{Agent} lost a lease that it held until {held.UntilMs}, at {NowMs}: {reply.Text}");
        }
    }

    private void LetGoOfAll()
    {
        while (_held.Count > 0)
        {
            RemoveLease(_held[^1]);
        }
    }

    private void Think()
    {
        if (_random.Next(2) == 0)
        {
            Thread.Sleep(_random.Next(2));
        }
    }

    private sealed class Held(int cell, string leaseId, long untilMs)
    {
        public int Cell => cell;

        public string LeaseId => leaseId;

        public long UntilMs { get; set; } = untilMs;
    }
}
