using Klock;
using Klock.Server.Hosting;
using Klock.Server.Options;

BackgroundTerminal.RunOn();
try
{
    return ServeCommandLine.Read(args, Environment.GetEnvironmentVariable, out ServeOptions? options)
        ?? await KlockServer.RunAsync(options!);
}
catch (StartFailure failure)
{
    await Console.Error.WriteLineAsync($"klock serve: {failure.Message}");
    return StartFailure.ExitCode;
}
