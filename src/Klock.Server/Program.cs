using Klock;
using Klock.Server.Hosting;
using Klock.Server.Options;
using Klock.Server.Startup;

BackgroundTerminal.RunOn();
try
{
    return ServeCommandLine.Read(args, Environment.GetEnvironmentVariable, out ServeOptions? options)
        ?? await KlockServer.RunAsync(options!);
}
catch (StartFailure failure)
{
    await Console.Error.WriteLineAsync($"klock serve: {Safe.Line(failure.Message)}");
    return StartFailure.ExitCode;
}
catch (Exception defect)
{
    await Console.Error.WriteLineAsync($"klock serve: this is a defect in Klock: {defect.GetType().Name}, {Safe.Line(defect.Message)}");
    return 1;
}
