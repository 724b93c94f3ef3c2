using System.Buffers.Binary;
using Klock.Kernel.Leases;
using Klock.Kernel.Resources;

namespace Klock.Storage.Sqlite.Journal;

/// <summary>Values as the file holds them.</summary>
internal static class Values
{
    public static byte[] ToBlob(LeaseId id)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, id.Value);
        return bytes;
    }

    public static Resource ToResource(long type, string path) =>
        Resource.TryCreate((ResourceType)type, path, out Resource? resource, out string? problem)
            ? resource!
            : throw new InvalidDataException($"A stored resource path {problem}.");
}
