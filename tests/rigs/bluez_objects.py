"""What the objects of BlueZ say of themselves: adapter, device, and the table of services and characteristics. Pure."""

from bleak.uuids import normalize_uuid_16
from dbus_fast import Variant

from tests.rigs.peripheral import Characteristic, Peripheral

ADAPTER = "org.bluez.Adapter1"
DEVICE = "org.bluez.Device1"
SERVICE = "org.bluez.GattService1"
CHARACTERISTIC = "org.bluez.GattCharacteristic1"
HCI = "/org/bluez/hci0"

Interfaces = dict[str, dict[str, Variant]]


def name_properties(peripheral: Peripheral) -> dict[str, Variant]:
    """What a device tells of its name; real ones do so in the scan response."""
    name = Variant("s", peripheral.device.name)
    return {"Name": name, "Alias": name}


def service_uuids(peripheral: Peripheral) -> Variant:
    """Every service that was found after connecting; the first two are on any device."""
    return Variant("as", [normalize_uuid_16(0x1800), normalize_uuid_16(0x1801), *peripheral.services])


def adapter_properties() -> dict[str, Variant]:
    return {
        "Address": Variant("s", "00:00:5E:00:53:01"),
        "AddressType": Variant("s", "public"),
        "Name": Variant("s", "fake"),
        "Alias": Variant("s", "fake"),
        "Powered": Variant("b", True),
        "Discovering": Variant("b", False),
        "UUIDs": Variant("as", []),
        "Roles": Variant("as", ["central", "peripheral"]),
    }


def device_properties(peripheral: Peripheral) -> dict[str, Variant]:
    """As after an advertisement without a name: the alias is made of the address."""
    return {
        "Address": Variant("s", peripheral.address),
        "AddressType": Variant("s", "random"),
        "Alias": Variant("s", peripheral.address.replace(":", "-")),
        "Paired": Variant("b", False),
        "Bonded": Variant("b", False),
        "Trusted": Variant("b", False),
        "Blocked": Variant("b", False),
        "LegacyPairing": Variant("b", False),
        "RSSI": Variant("n", peripheral.rssi_dbm),
        "Connected": Variant("b", False),
        "UUIDs": Variant("as", list(peripheral.device.advertised)),
        "Adapter": Variant("o", HCI),
        "ServicesResolved": Variant("b", False),
    }


def _service_path(device: str, handle: int) -> str:
    return f"{device}/service{handle:04x}"  # bleak reads the handles out of the paths


def characteristic_path(device: str, peripheral: Peripheral, characteristic: Characteristic) -> str:
    handle = next(handle for handle, table in peripheral.services.values() if characteristic in table)
    return f"{_service_path(device, handle)}/char{characteristic.handle:04x}"


def gatt_objects(device: str, peripheral: Peripheral) -> dict[str, Interfaces]:
    objects: dict[str, Interfaces] = {}
    for uuid, (handle, characteristics) in peripheral.services.items():
        service = _service_path(device, handle)
        objects[service] = {
            SERVICE: {
                "UUID": Variant("s", uuid),
                "Primary": Variant("b", True),
                "Device": Variant("o", device),
                "Includes": Variant("ao", []),
            }
        }
        for characteristic in characteristics:
            objects[f"{service}/char{characteristic.handle:04x}"] = {
                CHARACTERISTIC: {
                    "UUID": Variant("s", characteristic.uuid),
                    "Service": Variant("o", service),
                    "Value": Variant("ay", peripheral.read(characteristic)),
                    "Notifying": Variant("b", False),
                    "Flags": Variant("as", list(characteristic.properties)),
                    "MTU": Variant("q", peripheral.mtu),
                }
            }
    return objects
