using System.Buffers.Text;
using System.Text.Json;
using Klock.Kernel.Leases;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Coordinator.Json;

/// <summary>Writes a granted lease in one go, when none of its texts needs escaping: the answer that is given most.</summary>
/// <remarks>
/// Field by field, a JSON writer looks at every text for what to escape and at every step for where it stands; that is half the
/// cost of a grant. <see cref="LeaseJson.WriteGrantedFields"/> writes the same text for every lease (tested against each other).
/// </remarks>
internal ref struct GrantText(Span<byte> buffer)
{
    /// <summary>Room for every grant whose texts are of the usual length.</summary>
    public const int UsualBytes = 768;

    private readonly Span<byte> _buffer = buffer;
    private int _used;
    private bool _failed;

    /// <summary>Writes the object; false, and nothing is written, when it needs escaping or does not fit.</summary>
    public static bool TryWrite(Utf8JsonWriter json, Lease lease)
    {
        var text = new GrantText(stackalloc byte[UsualBytes]);
        text.Literal("{\"lease_id\":\""u8);
        text.Id(lease.Id);
        text.Literal("\",\"agent_id\":\""u8);
        text.Plain(lease.Session.Agent.Id);
        text.Literal("\",\"session_id\":\""u8);
        text.Plain(lease.Session.Id);
        text.Literal("\",\"resource\":\""u8);
        text.Plain(lease.Resource.Type.ToName());
        text.Literal(":"u8);
        text.Plain(lease.Resource.Path);
        text.Literal("\",\"predicate\":\""u8);
        text.Plain(lease.Predicate.ToName());
        text.Literal("\",\"acquired_at\":"u8);
        text.Number(lease.AcquiredAtMs);
        text.Literal(",\"ttl\":"u8);
        text.Number(lease.TtlMs);
        text.Literal(",\"expires_at\":"u8);
        text.Number(lease.ExpiresAtMs);
        text.Literal(",\"fencing_token\":"u8);
        text.Number(lease.FencingToken);
        text.Literal("}"u8);
        if (!text._failed)
        {
            json.WriteRawValue(text._buffer[..text._used], skipInputValidation: true);
        }

        return !text._failed;
    }

    private void Literal(ReadOnlySpan<byte> utf8)
    {
        if (utf8.TryCopyTo(_buffer[_used..]))
        {
            _used += utf8.Length;
        }
        else
        {
            _failed = true;
        }
    }

    // Printable ASCII without quote and backslash is the same in JSON.
    private void Plain(string text)
    {
        Span<byte> rest = _buffer[_used..];
        if (text.Length > rest.Length)
        {
            _failed = true;
            return;
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            _failed |= c is < ' ' or > '~' or '"' or '\\';
            rest[i] = (byte)c;
        }

        _used += text.Length;
    }

    private void Number(long value)
    {
        _failed |= !Utf8Formatter.TryFormat(value, _buffer[_used..], out int written);
        _used += written;
    }

    private void Id(LeaseId id)
    {
        if (_buffer.Length - _used < LeaseId.TextLength)
        {
            _failed = true;
            return;
        }

        id.Format(_buffer[_used..]);
        _used += LeaseId.TextLength;
    }
}
