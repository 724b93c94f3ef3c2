using System.Text.Json.Nodes;

namespace Klock.Python.Tests;

/// <summary>One of the two sides that get the same requests.</summary>
internal interface ISide : IDisposable
{
    /// <summary>Calls a method.</summary>
    /// <param name="verb">The method's name in Python.</param>
    /// <param name="arguments">Its arguments by name, a JSON object.</param>
    /// <returns>What it returned; of a KlockError its code and its sentence.</returns>
    JsonNode? Ask(string verb, string arguments);
}
