using System.Diagnostics;

namespace Klock.Server.Tests.Support;

/// <summary>Node programs of these tests, with the packages that their lock file names.</summary>
internal static class NodePackages
{
    private static readonly string[] _files = ["package.json", "package-lock.json", "check.mjs"];

    /// <summary>Installs them into artifacts/; answers the folder, null when npm cannot.</summary>
    public static async Task<string?> InstallAsync()
    {
        string folder = Directory.CreateDirectory(Repo.At("artifacts", "server-test", "openapi")).FullName;
        foreach (string file in _files)
        {
            File.Copy(Repo.At("tests", "Klock.Server.Tests", "Documents", file), Path.Combine(folder, file), overwrite: true);
        }

        (int code, _) = await RunAsync(folder, "npm", "", "ci", "--no-audit", "--no-fund", "--prefer-offline", "--silent");
        return code == 0 ? folder : null;
    }

    /// <summary>Runs a program of the folder on an input; answers what it wrote, which must be all that it has to say.</summary>
    public static async Task<string> RunAsync(string folder, string script, string input)
    {
        (int code, string output) = await RunAsync(folder, "node", input, script);
        Assert.True(code == 0, output);
        return output;
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, process.ExitCode == 0 ? await output : await output + await errors);
    }
}
