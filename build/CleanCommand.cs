namespace Klock.Build;

/// <summary><c>clean</c>: removes everything a build made.</summary>
internal static class CleanCommand
{
    public static Task<int> RunAsync()
    {
        Delete(Repo.Dist);
        if (!OperatingSystem.IsWindows())
        {
            Delete(Repo.Artifacts);
            return Task.FromResult(0);
        }

        // Windows locks the files of a running program, and this is one.
        foreach (string folder in Directory.Exists(Repo.Artifacts) ? Directory.GetDirectories(Repo.Artifacts) : [])
        {
            foreach (string part in Directory.GetDirectories(folder).Where(part => Path.GetFileName(part) != "Klock.Build"))
            {
                Delete(part);
            }
        }

        return Task.FromResult(0);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
