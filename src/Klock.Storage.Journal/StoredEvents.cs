using System.Buffers.Binary;
using Google.Protobuf;
using Klock.Coordinator.Stores.Replicated;
using Klock.Kernel.Claims;
using Klock.Kernel.Conflicts;
using Klock.Kernel.Events;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;
using Klock.Kernel.Waits;
using Klock.Storage.Journal.Stored;

namespace Klock.Storage.Journal;

/// <summary>Batches as they are stored, and back.</summary>
internal static class StoredEvents
{
    /// <summary>The format that is written, and the newest that is read.</summary>
    public const uint Format = 1;

    private const long MostUs = 3_600_000_000;

    public static ByteString Write(JournalBatch batch)
    {
        var stored = new StoredBatch
        {
            Format = Format, Writer = Bytes(batch.Id.Writer), Number = batch.Id.Number, After = batch.After,
            BeforeWriter = Bytes(batch.Before.Writer), BeforeNumber = batch.Before.Number,
        };
        foreach (Event happened in batch.Events)
        {
            stored.Events.Add(Write(happened.Brief()));
        }

        return stored.ToByteString();
    }

    public static JournalBatch ReadBatch(ByteString value)
    {
        StoredBatch stored = Parse(StoredBatch.Parser, value);
        Check(stored.Format);
        return new JournalBatch(new BatchId(Id(stored.Writer), stored.Number), stored.After, [.. stored.Events.Select(Read)])
        {
            Before = new BatchId(Id(stored.BeforeWriter), stored.BeforeNumber),
        };
    }

    public static ByteString WriteHead(JournalBatch batch) => new StoredHead
    {
        Format = Format, Sequence = batch.Events[^1].Sequence, Writer = Bytes(batch.Id.Writer), Number = batch.Id.Number,
    }.ToByteString();

    /// <summary>The number of the last event, and the batch it came with.</summary>
    public static (long Sequence, BatchId Last) ReadHead(ByteString value)
    {
        StoredHead stored = Parse(StoredHead.Parser, value);
        Check(stored.Format);
        return (stored.Sequence, new BatchId(Id(stored.Writer), stored.Number));
    }

    /// <summary>That the writer of a batch, which came too late, asks the others to let it go first.</summary>
    public static ByteString WriteWish(JournalBatch late) => new StoredWish
    {
        Format = Format, Writer = Bytes(late.Id.Writer), UsualUs = (long)late.Usual.TotalMicroseconds,
    }.ToByteString();

    /// <summary>null for one that cannot be read: it is only a hint.</summary>
    public static TurnWish? ReadWish(ByteString value)
    {
        try
        {
            StoredWish stored = Parse(StoredWish.Parser, value);
            return stored.Format == Format ? new TurnWish(Id(stored.Writer), Duration(stored.UsualUs)) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>So many microseconds, or as many of them as there can be.</summary>
    public static TimeSpan Duration(long us) => TimeSpan.FromMicroseconds(Math.Clamp(us, 0, MostUs));

    /// <summary>Refuses a format that this version does not know.</summary>
    internal static void Check(uint format)
    {
        if (format != Format)
        {
            throw new InvalidDataException(
                $"The journal has format {format}, and this version of Klock reads format {Format}: use a newer klock-server.");
        }
    }

    internal static T Parse<T>(MessageParser<T> parser, ByteString value)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(value);
        }
        catch (InvalidProtocolBufferException foreign)
        {
            throw new InvalidDataException("What is where the journal should be was not written by Klock", foreign);
        }
    }

    internal static StoredEvent Write(Event happened)
    {
        var stored = new StoredEvent
        {
            Sequence = happened.Sequence, Kind = (uint)happened.Kind, AtMs = happened.AtMs, Priority = happened.Priority,
            Lease = Bytes(happened.LeaseId), Token = happened.FencingToken, PreviousToken = happened.PreviousToken,
            SeniorSince = happened.SeniorSince, Passes = happened.Passes, Resource = Write(happened.Resource),
            Predicate = (uint)happened.Predicate, TtlMs = happened.TtlMs, ExpiresAtMs = happened.ExpiresAtMs,
            BoundTo = Bytes(happened.BoundTo), Verdict = (uint)happened.Verdict, Wait = Write(happened.Wait),
        };

        // The generated setters refuse null.
        if (happened.AgentId is { } agent)
        {
            stored.Agent = agent;
        }

        if (happened.SessionId is { } session)
        {
            stored.Session = session;
        }

        if (happened.Note is { } note)
        {
            stored.Note = note;
        }

        if (happened.RequestId is { } request)
        {
            stored.RequestId = request;
        }

        return stored;
    }

    internal static Event Read(StoredEvent stored) => new()
    {
        Sequence = stored.Sequence, Kind = (EventKind)stored.Kind, AtMs = stored.AtMs, Priority = stored.Priority,
        AgentId = stored.HasAgent ? stored.Agent : null, SessionId = stored.HasSession ? stored.Session : null,
        LeaseId = Id(stored.Lease), FencingToken = stored.Token, PreviousToken = stored.PreviousToken,
        SeniorSince = stored.SeniorSince, Passes = stored.Passes, Resource = Read(stored.Resource),
        Predicate = (Predicate)stored.Predicate, TtlMs = stored.TtlMs, ExpiresAtMs = stored.ExpiresAtMs,
        Note = stored.HasNote ? stored.Note : null, RequestId = stored.HasRequestId ? stored.RequestId : null,
        BoundTo = Id(stored.BoundTo), Verdict = (Verdict)stored.Verdict, Wait = Read(stored.Wait),
    };

    private static StoredWait? Write(WaitFacts? wait)
    {
        if (wait is null)
        {
            return null;
        }

        var stored = new StoredWait
        {
            Id = Bytes(wait.Id), Owner = Bytes(wait.OwnerId), ChangesLease = wait.ChangesLease, DeadlineMs = wait.DeadlineMs,
            IsJoined = wait.IsJoined, Successor = Bytes(wait.Successor), Outcome = (uint)wait.Outcome,
            Passes = (uint)wait.Passes, PassedBy = wait.PassedBy, WantedCount = wait.Wanted is null ? (uint)wait.WantedCount : 0,
        };
        foreach (WantedLease wanted in wait.Wanted ?? [])
        {
            stored.Wanted.Add(new StoredWanted
            {
                Lease = Bytes(wanted.LeaseId), Resource = Write(wanted.Resource), Predicate = (uint)wanted.Predicate,
            });
        }

        return stored;
    }

    private static WaitFacts? Read(StoredWait? stored) => stored is null ? null : new WaitFacts
    {
        Id = Id(stored.Id), OwnerId = Id(stored.Owner), ChangesLease = stored.ChangesLease, DeadlineMs = stored.DeadlineMs,
        IsJoined = stored.IsJoined, Successor = Id(stored.Successor), Outcome = (WaitOutcome)stored.Outcome,
        Passes = (int)stored.Passes, PassedBy = stored.PassedBy, WantedCount = (int)stored.WantedCount,
        Wanted = stored.Wanted.Count == 0
            ? null
            : [.. stored.Wanted.Select(static one => new WantedLease(Id(one.Lease), Read(one.Resource)!, (Predicate)one.Predicate))],
    };

    private static StoredResource? Write(Resource? resource)
    {
        if (resource is null)
        {
            return null;
        }

        var stored = new StoredResource { Type = (uint)resource.Type, Path = resource.Path };
        if (resource.Namespace is { } space)
        {
            stored.Namespace = space;
        }

        return stored;
    }

    private static Resource? Read(StoredResource? stored)
    {
        if (stored is null)
        {
            return null;
        }

        return Resource.TryRestore((ResourceType)stored.Type, stored.Path, out Resource? resource, out string? problem)
            ? resource!.In(stored.HasNamespace ? stored.Namespace : null)
            : throw new InvalidDataException($"The journal has a resource that {problem}");
    }

    internal static ByteString Bytes(LeaseId id)
    {
        if (id == default)
        {
            return ByteString.Empty;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, id.Value);
        return ByteString.CopyFrom(bytes);
    }

    internal static LeaseId Id(ByteString bytes) => bytes.Length switch
    {
        0 => default,
        16 => LeaseId.FromBytes(bytes.Span),
        _ => throw new InvalidDataException($"The journal has an id of {bytes.Length} bytes"),
    };
}
