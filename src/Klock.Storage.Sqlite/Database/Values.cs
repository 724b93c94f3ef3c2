using System.Buffers.Binary;
using Klock.Kernel.Claims;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Storage.Sqlite.Database;

/// <summary>Values as the file holds them.</summary>
internal static class Values
{
    public static Statement Bind(this Statement statement, LeaseId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, id.Value);
        return statement.Bind(bytes);
    }

    /// <summary>Binds an id; null for the empty one.</summary>
    public static Statement BindOptional(this Statement statement, LeaseId id) =>
        id == default ? statement.BindNulls(1) : statement.Bind(id);

    /// <summary>The id in a column; the empty one for null.</summary>
    public static LeaseId OptionalId(this Statement row, int column) => row.IsNull(column) ? default : ToId(row.Blob(column));

    public static LeaseId ToId(ReadOnlySpan<byte> bytes) =>
        bytes.Length == 16
            ? LeaseId.FromBytes(bytes)
            : throw new InvalidDataException($"A stored id has {bytes.Length} bytes instead of 16.");

    public static Predicate ToPredicate(long value) =>
        value is >= (long)Predicate.Provides and <= (long)Predicate.Renames
            ? (Predicate)value
            : throw new InvalidDataException($"A stored predicate is {value}, which is none.");

    public static Resource ToResource(long type, string path) =>
        type is < (long)ResourceType.File or > (long)ResourceType.Custom
            ? throw new InvalidDataException($"A stored resource type is {type}, which is none.")
            : Resource.TryRestore((ResourceType)type, path, out Resource? resource, out string? problem)
                ? resource!
                : throw new InvalidDataException($"A stored resource path {problem}.");
}
