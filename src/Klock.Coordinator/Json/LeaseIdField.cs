using System.Text;
using System.Text.Json;
using Klock.Kernel.Leases;

namespace Klock.Coordinator.Json;

/// <summary>The field that names a lease. Any text may be asked about; one that cannot be an id names no lease.</summary>
internal sealed class LeaseIdField(string name) : Field(name)
{
    private readonly TextField _text = new(name, 1, Limits.IdBytes);

    public override FieldShape Shape => _text.Shape;

    protected override string Allowed => $"a string of 1 to {Limits.IdBytes} bytes";

    /// <summary>Reads the value the reader stands on; null when it cannot be an id.</summary>
    public LeaseId? ReadId(ref Utf8JsonReader json)
    {
        // Straight from the request's bytes when it looks like an id: this is on the way of every release.
        bool isPlain = json.TokenType == JsonTokenType.String && !json.ValueIsEscaped && json.ValueSpan.Length == LeaseId.TextLength;
        ReadOnlySpan<byte> utf8 = isPlain ? json.ValueSpan : Encoding.UTF8.GetBytes(_text.Read(ref json));
        return LeaseId.TryParse(utf8, out LeaseId id) ? id : null;
    }
}
