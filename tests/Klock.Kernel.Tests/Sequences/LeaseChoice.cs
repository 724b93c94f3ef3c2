namespace Klock.Kernel.Tests.Sequences;

/// <summary>A lease that a command speaks of, before there is any.</summary>
/// <param name="Number">Which, counted round the list.</param>
/// <param name="AmongHeld">From those held; else from every id ever offered, refused and ended ones included.</param>
internal readonly record struct LeaseChoice(int Number, bool AmongHeld);
