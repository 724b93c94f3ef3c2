using System.Buffers;
using System.Text;
using System.Text.Json;
using Klock.Kernel.Claims;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>What a waiting request asks for, as one column: <c>[[lease id, type, path, predicate], …]</c>.</summary>
internal static class WantedText
{
    public static string Write(ReadOnlySpan<WantedLease> wanted)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (WantedLease lease in wanted)
        {
            json.WriteStartArray();
            json.WriteStringValue(lease.LeaseId.ToString());
            json.WriteNumberValue((int)lease.Resource.Type);
            json.WriteStringValue(lease.Resource.Path);
            json.WriteNumberValue((int)lease.Predicate);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <param name="text">The column.</param>
    /// <param name="namespace">The namespace that all of it is in; null for none.</param>
    public static WantedLease[] Read(string text, string? @namespace)
    {
        var wanted = new List<WantedLease>();
        var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartArray)
        {
            json.Read();
            if (!LeaseId.TryParse(json.ValueSpan, out LeaseId id))
            {
                throw new InvalidDataException("A stored lease id is no lease id.");
            }

            json.Read();
            int type = json.GetInt32();
            json.Read();
            string path = json.GetString()!;
            json.Read();
            wanted.Add(new WantedLease(id, Values.ToResource(type, path).In(@namespace), Values.ToPredicate(json.GetInt32())));
            json.Read();
        }

        return wanted.Count > 0 && json.TokenType == JsonTokenType.EndArray
            ? [.. wanted]
            : throw new InvalidDataException("A stored wait asks for nothing.");
    }
}
