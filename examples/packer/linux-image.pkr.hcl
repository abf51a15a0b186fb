# A version of a gallery image with the prerequisites of the stack linux-image in it:
#   packer build -var subscription_id=… -var resource_group=… -var gallery=golden -var definition=web -var version=1.0.0 examples/packer
# The gallery and the image definition (Linux, generalized, generation 2) must exist. The id of the definition goes into the stack: azure-scaleset:image.

variable "subscription_id" {
  type = string
}

variable "resource_group" {
  type        = string
  description = "Resource group of the gallery, and of the managed image that Packer makes on the way."
}

variable "gallery" {
  type = string
}

variable "definition" {
  type = string
}

variable "version" {
  type        = string
  description = "Major.Minor.Patch, higher than those that are there."
}

variable "location" {
  type    = string
  default = "westeurope"
}

variable "regions" {
  type        = list(string)
  default     = ["westeurope"]
  description = "Where scale sets can use it; location is one of them."
}

source "azure-arm" "web" {
  # Who is signed in with `az login`.
  use_azure_cli_auth = true
  subscription_id    = var.subscription_id

  os_type         = "Linux"
  image_publisher = "Canonical"
  image_offer     = "ubuntu-24_04-lts"
  image_sku       = "server"
  location        = var.location
  vm_size         = "Standard_D2s_v5"

  managed_image_resource_group_name = var.resource_group
  managed_image_name                = "${var.definition}-${var.version}"

  shared_image_gallery_destination {
    subscription        = var.subscription_id
    resource_group      = var.resource_group
    gallery_name        = var.gallery
    image_name          = var.definition
    image_version       = var.version
    replication_regions = var.regions
  }
}

build {
  sources = ["source.azure-arm.web"]

  provisioner "shell" {
    execute_command = "sudo -E bash '{{ .Path }}'"
    script          = "../../apps/linux-image/prerequisites.sh"
  }

  # Last: what makes the machine this one is removed, so that instances get names and users of their own.
  provisioner "shell" {
    execute_command = "sudo -E sh '{{ .Path }}'"
    inline          = ["/usr/sbin/waagent -force -deprovision+user && export HISTSIZE=0 && sync"]
  }
}
