using Klock;
using Klock.Server.Hosting;
using Klock.Server.Mcp;
using Klock.Server.Options;
using Klock.Server.Startup;

BackgroundTerminal.RunOn();
string verb = args is ["mcp", ..] ? "mcp" : "serve";
try
{
    if (args is ["mcp", .. string[] rest])
    {
        return await StdioServer.RunAsync(rest);
    }

    return ServeCommandLine.Read(args, Environment.GetEnvironmentVariable, out ServeOptions? options)
        ?? await KlockServer.RunAsync(options!);
}
catch (StartFailure failure)
{
    await Console.Error.WriteLineAsync($"klock {verb}: {Safe.Line(failure.Message)}");
    return StartFailure.ExitCode;
}
catch (Exception defect)
{
    await Console.Error.WriteLineAsync($"klock {verb}: this is a defect in Klock: {defect.GetType().Name}, {Safe.Line(defect.Message)}");
    return 1;
}
