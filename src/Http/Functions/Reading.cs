using System.Globalization;
using Microsoft.AspNetCore.Http;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Functions;

/// <summary>What every reading endpoint needs: the database, the organisation, the functions and the clock.</summary>
public sealed class Reading(Database database, OrganisationBook organisation, FunctionCatalogue catalogue, TimeProvider clock)
{
    /// <summary>The functions.</summary>
    public FunctionCatalogue Catalogue => catalogue;

    /// <summary>Now.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The clock.</summary>
    public TimeProvider Clock => clock;

    /// <summary>Who reads, in the organisation as it stands.</summary>
    public async ValueTask<Viewer> Viewer(RequestActor who, CancellationToken ct) => new(who.Actor, await organisation.Get(ct));

    /// <summary>The business day of the branch worked in.</summary>
    public DateOnly Today(RequestActor who) => who.Branch.DayAt(Now);

    /// <summary>One reader's request.</summary>
    public One For(RequestActor who, CancellationToken ct) => new(this, who, ct);

    /// <summary>Reads something that another step answers with.</summary>
    public Task<T> Read<T>(Func<Db, Task<T>> read, CancellationToken ct) => database.Read(read, ct);

    /// <summary>One reader's request.</summary>
    /// <param name="Reading">What reads.</param>
    /// <param name="Who">Who asks.</param>
    /// <param name="Ct">Cancellation.</param>
    public readonly record struct One(Reading Reading, RequestActor Who, CancellationToken Ct)
    {
        /// <summary>Reads and answers; a refusal becomes a problem.</summary>
        public async Task<IResult> Answer<T>(Func<Db, Viewer, Task<Result<T>>> read)
        {
            var viewer = await Reading.Viewer(Who, Ct);
            return (await Reading.Read(db => read(db, viewer), Ct)).ToHttp();
        }
    }
}

/// <summary>Parameters of a request that no signature names.</summary>
internal static class Parameters
{
    /// <summary>All but those named, as filters by their names; of one that comes twice the values are joined.</summary>
    public static Dictionary<string, string> Filters(HttpRequest request, params ReadOnlySpan<string> named)
    {
        var filters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in request.Query)
            if (!named.Contains(name) && values.ToString() is { Length: > 0 } text) filters[name] = text;
        return filters;
    }

    /// <summary>The last part of a text cursor that holds an instant and an id.</summary>
    public static bool TryAfter(string? after, out (DateTimeOffset At, Guid Id)? value)
    {
        value = null;
        if (string.IsNullOrEmpty(after)) return true;
        if (after.Split('_') is not [var ticks, var id] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            || at > DateTimeOffset.MaxValue.UtcTicks || !Guid.TryParse(id, out var guid)) return false;
        value = (new DateTimeOffset(at, TimeSpan.Zero), guid);
        return true;
    }

    /// <summary>The cursor behind an instant and an id.</summary>
    public static string After(DateTimeOffset at, Guid id) => string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks}_{id:D}");
}
