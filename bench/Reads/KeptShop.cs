using System.Text.Json;
using Plug1.Kernel.Storage;

namespace Plug1.Bench.Reads;

/// <summary>A filled database that was kept, so that reading can be measured again without filling.</summary>
/// <param name="Setting">What <see cref="Database.Open"/> takes. A PostgreSQL server must be the same one, so <c>PLUG1_TEST_POSTGRES</c> names a server that goes on running.</param>
/// <param name="OfficeToken">The API token of one who may do everything.</param>
/// <param name="Sales">How many sales it has.</param>
/// <param name="Today">The last day of its year.</param>
internal sealed record KeptShop(string Setting, string OfficeToken, int Sales, DateOnly Today)
{
    /// <summary>The database that an earlier run has kept in the folder, or null.</summary>
    public static KeptShop? Find(string? folder, Engine engine, int sales)
    {
        if (folder is null) return null;
        Directory.CreateDirectory(folder);
        if (!File.Exists(PathOf(folder, engine))) return null;
        var kept = JsonSerializer.Deserialize<KeptShop>(File.ReadAllText(PathOf(folder, engine)))!;
        return kept.Sales == sales ? kept : throw new InvalidOperationException($"{folder} keeps {kept.Sales} sales, and {sales} are to be measured: name another folder.");
    }

    /// <summary>Tells the next run where the database is.</summary>
    public void Save(string folder, Engine engine) => File.WriteAllText(PathOf(folder, engine), JsonSerializer.Serialize(this));

    private static string PathOf(string folder, Engine engine) => Path.Combine(folder, $"kept-{engine}.json".ToLowerInvariant());
}
