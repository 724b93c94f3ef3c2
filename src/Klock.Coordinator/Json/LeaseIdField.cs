using System.Text;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Claims;

namespace Klock.Coordinator.Json;

/// <summary>The field that names a lease. Any text is accepted; one that cannot be an id names no lease.</summary>
internal sealed class LeaseIdField(string name) : TextField(name, 1, Limits.IdBytes)
{
    /// <summary>Reads a request's value; null when it cannot be an id.</summary>
    public LeaseId? ReadId(in RequestFields request)
    {
        // Straight from the request's bytes when it looks like an id: every release comes through here.
        bool looksLikeOne = request.TryGetPlain(this, out ReadOnlySpan<byte> plain) && plain.Length == LeaseId.TextLength;
        return LeaseId.TryParse(looksLikeOne ? plain : Encoding.UTF8.GetBytes(Read(request)), out LeaseId id) ? id : null;
    }
}
