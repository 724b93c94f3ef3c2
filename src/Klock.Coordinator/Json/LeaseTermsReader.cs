using System.Text.Json;
using Klock.Kernel;
using Klock.Kernel.Waits;

namespace Klock.Coordinator.Json;

/// <summary>The fields that every request for leases has: who asks, for how long, and how it waits.</summary>
internal struct LeaseTermsReader
{
    private string? _agentId;
    private string? _sessionId;
    private string? _note;
    private string? _requestId;
    private ulong? _ttlMs;

    /// <summary>How long to wait at the most; 0 when the request does not say.</summary>
    public long WaitMs { get; private set; }

    /// <summary>Reads the field whose name the reader stands on, if it is one of these.</summary>
    public bool TryRead(ref Utf8JsonReader json)
    {
        if (RequestReader.IsValueOf(Fields.AgentId, ref json))
        {
            _agentId = Fields.AgentId.Read(ref json);
        }
        else if (RequestReader.IsValueOf(Fields.SessionId, ref json))
        {
            _sessionId = Fields.SessionId.Read(ref json);
        }
        else if (RequestReader.IsValueOf(Fields.Ttl, ref json))
        {
            _ttlMs = Fields.Ttl.Read(ref json);
        }
        else if (RequestReader.IsValueOf(Fields.WaitMs, ref json))
        {
            WaitMs = (long)(Fields.WaitMs.ReadOptional(ref json) ?? 0);
        }
        else if (RequestReader.IsValueOf(Fields.Note, ref json))
        {
            _note = Fields.Note.ReadOptional(ref json);
        }
        else if (RequestReader.IsValueOf(Fields.RequestId, ref json))
        {
            _requestId = Fields.RequestId.ReadOptional(ref json);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>The request; whatever it lacks is refused here.</summary>
    public readonly AcquireRequest ToRequest(WantedLease[] wanted) => new()
    {
        AgentId = _agentId ?? throw Fields.AgentId.Missing(),
        SessionId = _sessionId ?? throw Fields.SessionId.Missing(),
        Wanted = wanted,
        TtlMs = (long)(_ttlMs ?? throw Fields.Ttl.Missing()),
        Note = _note,
        RequestId = _requestId,
    };
}
