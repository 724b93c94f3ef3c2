using System.Buffers.Binary;
using Klock.Kernel.Leases;
using Klock.Kernel.Resources;
using Klock.Storage.Sqlite.Database;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>Values as the file holds them.</summary>
internal static class Values
{
    public static Statement Bind(this Statement statement, LeaseId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, id.Value);
        return statement.Bind(bytes);
    }

    public static Resource ToResource(long type, string path) =>
        Resource.TryCreate((ResourceType)type, path, out Resource? resource, out string? problem)
            ? resource!
            : throw new InvalidDataException($"A stored resource path {problem}.");
}
