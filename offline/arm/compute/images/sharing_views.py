"""What is read of galleries that are shared: below `locations/<location>/communityGalleries` and `…/sharedGalleries`, seen from one region."""

from __future__ import annotations

from offline.arm import tenant
from offline.arm.compute.images import gallery, shared
from offline.arm.errors import ArmError
from offline.arm.http import Json
from offline.arm.store import Store

_TYPES = {"community": "Microsoft.Compute/locations/communityGalleries", "shared": None}
_OF_DEFINITION = (
    "osType", "osState", "endOfLifeDate", "identifier", "recommended", "disallowed", "hyperVGeneration", "features", "purchasePlan", "architecture",
    "privacyStatementUri", "eula",
)  # fmt: skip  # names read best in few lines


def answer(store: Store, location: str, kind: str, name: str, image: str | None, below: str | None, version: str | None) -> Json:
    """GET of a gallery (`image` None), of its images (`""`), of an image, of its versions (`below` is `versions`), of a version."""
    place = tenant.location(location, "Microsoft.Compute/locations/communityGalleries")
    found = shared.named(store, kind, name)
    if found is None:
        raise ArmError(404, "NotFound", f"The {kind.lower()} gallery '{name}' was not found in '{place}'.")
    seen = _Seen(store, place, kind.lower(), name)
    if image is None:
        return seen.gallery(found)
    definitions = {each["name"].lower(): each for each in store.resources(f"{found['id']}/images/", gallery.DEFINITION)}
    if image == "":
        return {"value": [seen.image(each) for each in definitions.values()]}
    definition = definitions.get(image.lower())
    if definition is None:
        raise gallery.not_available(f"{name}/{image}", place)
    if below is None:
        return seen.image(definition)
    there = [each for each in gallery.versions(store, definition["id"]) if place in gallery.replicas(store, each["id"])]
    if version is None:
        return {"value": [seen.version(definition, each) for each in there]}
    for each in there:
        if each["name"] == version:
            return seen.version(definition, each)
    raise gallery.not_available(f"{name}/{image}/{version}", place)


class _Seen:
    """One gallery, as it is shown to others."""

    def __init__(self, store: Store, place: str, kind: str, name: str) -> None:
        self._store = store
        self._place = place
        self._kind = kind
        self._name = name

    def gallery(self, body: Json) -> Json:
        """The gallery itself."""
        return self._shown(self._name, "", {})

    def image(self, body: Json) -> Json:
        """An image: what its definition says."""
        properties = {name: body["properties"][name] for name in _OF_DEFINITION if name in body["properties"]}
        return self._shown(body["name"], f"/Images/{body['name']}", properties)

    def version(self, definition: Json, body: Json) -> Json:
        """A version that has arrived in the region."""
        profile = body["properties"]["publishingProfile"]
        properties = {name: profile[name] for name in ("publishedDate", "endOfLifeDate") if name in profile}
        properties |= {"excludeFromLatest": gallery.is_excluded(body, self._place), "storageProfile": {"osDiskImage": {"diskSizeGB": 30}}}
        return self._shown(body["name"], f"/Images/{definition['name']}/Versions/{body['name']}", properties)

    def _shown(self, name: str, below: str, properties: Json) -> Json:
        unique = f"/{self._kind.capitalize()}Galleries/{self._name}{below}"
        shown = {"name": name, "location": self._place, "identifier": {"uniqueId": unique}, "properties": properties}
        kind = _TYPES[self._kind]
        return {**shown, "type": kind + "".join(f"/{part.lower()}" for part in below.split("/")[1::2])} if kind else shown
