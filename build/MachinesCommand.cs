using Klock.Build.Making;
using Klock.Build.Releasing;

namespace Klock.Build;

/// <summary><c>machines</c>: builds for this machine and, by a cross compiler, for others, and packs a release in dist/machines.</summary>
internal static class MachinesCommand
{
    public static async Task<int> RunAsync(CancellationToken cancel)
    {
        await BuildCommand.RunAsync(cancel);
        await MakeAsync(cancel);
        string machines = string.Join(" and ", Machine.Built.Select(machine => machine.Name));
        Console.WriteLine($"dist/machines holds klock {Repo.Version} for {machines}.");
        return 0;
    }

    /// <summary>The same after a build.</summary>
    public static async Task MakeAsync(CancellationToken cancel)
    {
        foreach (Machine machine in Machine.Built.Where(machine => !machine.IsHost))
        {
            await CrossProducts.MakeAsync(machine, cancel);
        }

        await ReleaseFiles.MakeAsync(cancel);
    }
}
