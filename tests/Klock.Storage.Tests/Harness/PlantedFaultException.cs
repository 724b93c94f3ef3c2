namespace Klock.Storage.Tests.Harness;

/// <summary>What a test has something throw that never does: nobody can be ready for its type.</summary>
internal sealed class PlantedFaultException(string whose) : Exception(whose);
