namespace Klock.Fuzz;

/// <summary>An answer, or what a request did to the state, breaks a rule of SPEC.</summary>
/// <param name="message">Which rule, and by what.</param>
internal sealed class BrokenRuleException(string message) : Exception(message);
