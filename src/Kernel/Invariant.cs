using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Plug1.Kernel;

/// <summary>States what must be true if our own code is right.</summary>
/// <remarks>A refusal is an ordinary day and a value (<see cref="Refusal"/>); a broken invariant is our bug and an exception.</remarks>
public static class Invariant
{
    /// <summary>Goes on when <paramref name="condition"/> is true, throws otherwise.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="message">What is reported; by default the text of the condition.</param>
    /// <exception cref="InvariantBrokenException">The condition is false.</exception>
    public static void Holds(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string? message = null)
    {
        if (!condition) throw new InvariantBrokenException(message ?? "An invariant does not hold.");
    }
}

/// <summary>Our own code is wrong. Nobody catches it on the way: the command rolls back and the user gets an incident number.</summary>
/// <param name="message">What should have held.</param>
public sealed class InvariantBrokenException(string message) : Exception(message);
