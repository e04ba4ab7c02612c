using System.Reflection;
using Plug1.Kernel.Storage;
using Xunit;
using Xunit.Sdk;

namespace Plug1.Testing;

/// <summary>The engines, as data of a theory.</summary>
public static class Engines
{
    /// <summary>Both of them: <c>[MemberData(nameof(Engines.Both), MemberType = typeof(Engines))]</c>.</summary>
    public static TheoryData<Engine> Both => [Engine.Sqlite, Engine.Postgres];
}

/// <summary>Runs a theory with one parameter, the engine, once on each: <c>[Theory, OnBothEngines]</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnBothEnginesAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[Engine.Sqlite], [Engine.Postgres]];
}
