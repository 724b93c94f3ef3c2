namespace Klock.Storage.Sqlite.Holders;

/// <summary>Identifies a boot of a machine.</summary>
internal static class Boot
{
    /// <summary>
    /// The same for all processes whose monotonic clocks agree, and for no others: the kernel's id of this boot and the clock's
    /// namespace. Null where the system has no such id.
    /// </summary>
    public static string? Id { get; } = Read();

    private static string? Read()
    {
        try
        {
            string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            return $"{boot} {File.ResolveLinkTarget("/proc/self/ns/time", returnFinalTarget: false)?.Name}";
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
